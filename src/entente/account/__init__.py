"""The step that closes the circle: figures with baselines, frozen snapshots, statements in three languages.

Knows questions, findings, stores and ledger checkpoints. Refuses to know nodes, screens and partners' wires; writes no
figure that does not recompute from records.
Nouns: `Figure`, `Snapshot`, `Statement`. Empty until the account work begins.
"""
