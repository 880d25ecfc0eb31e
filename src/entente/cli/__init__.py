"""The command `entente`, one file per verb, and the only composition root.

Knows every room: builds the catalogue, opens stores, starts nodes and the demo. Refuses to hold rules of its own.
Nouns: none; verbs.
"""
