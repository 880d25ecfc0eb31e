"""A simulated border with its ground truth: scenarios of the workstreams, nodes joined by a bad wire, scored findings.

Knows nodes and everything below them. Refuses to know screens and APIs; nothing simulated leaves without its flag.
Nouns: `Scenario`, `Truth`, `Wire`. Empty until the simulation work begins.
"""
