"""Screens for officers, in English, French and Spanish, readable without JavaScript.

Knows a node's verbs and turns their answers into pages. Refuses to know stores; decides nothing: there is no rule in a
template. Loads nothing from outside the node.
Nouns: `Screen`. Empty until the screens are built.
"""
