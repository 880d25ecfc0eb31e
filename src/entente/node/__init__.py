"""The only imperative room: clock, keys, configuration, transactions, and the courier that empties the outbox.

Knows every room below it: they are pure, or a store. Refuses to know screens, endpoints and verbs, which show what it
did. Functions take a `Node` first.
Noun: `Partner` (a node, its keys, the agreements with it).
"""
