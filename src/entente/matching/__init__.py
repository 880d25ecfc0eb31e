"""Sameness: normalised selectors, comparison, judgements with reasons, private matching as pure message functions.

Knows records and the law of sharing them. Refuses to know the other crafts, stores, clocks, disks, sockets: time, keys
and random bytes are arguments. Overwrites nothing: a judgement is a record of its own and can be undone.
Nouns: `Selector`, `Judgement` (same, different or unknown, because). Empty until the matching work begins.
"""
