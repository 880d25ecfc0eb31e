"""Entente: a node for sharing between agencies. ARCHITECTURE.md draws the house on one page."""
