"""A simulated border with its ground truth: the scenarios of the workstreams put together, and findings scored.

Knows nodes and everything below them. Refuses to know screens and APIs; nothing simulated leaves without its flag.
Nouns: `World`, `Truth`, `Score`.
"""
