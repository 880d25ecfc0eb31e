"""The only door that things leave by, and what whoever receives them may hold."""
