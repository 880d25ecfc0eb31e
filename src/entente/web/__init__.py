"""Screens for people, in English, French and Spanish, readable without JavaScript.

Knows a node's verbs and turns their answers into pages. Refuses to know stores; decides nothing: there is no rule in a
template. Loads nothing from outside the node.
Nouns: `Route` (a path, and who may ask), `Visit` (one request of one person).
"""

from entente.web.application import screens

__all__ = ["screens"]
