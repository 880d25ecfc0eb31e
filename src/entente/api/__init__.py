"""HTTP for partners' nodes and for the agency's own programs.

Knows a node's verbs and turns requests into calls and answers into responses. Refuses to know stores; decides nothing:
what may be said to a partner is settled in `agreements`, who is speaking in `exchange`.
"""

from entente.api.application import application
from entente.api.watching import watching

__all__ = ["application", "watching"]
