"""One file per verb, and the only place where the house is put together: catalogue, stores, nodes, the demo.

Knows every room. Refuses to decide anything: a verb turns words into calls on `node` and answers into text or JSON.
"""

from entente.cli.program import main

__all__ = ["main"]
