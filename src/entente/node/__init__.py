"""The only imperative room: clock, keys, configuration, transactions, and the courier that empties the outbox.

Everything below it is pure or a store; everything above it shows what it did. Functions take a `Node` first.
Noun: `Partner` (a node, its keys, the agreements with it).
"""
