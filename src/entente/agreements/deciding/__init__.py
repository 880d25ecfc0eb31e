"""May this go? Conditions, provisions, limits: three-valued, one record or many, and the same again years later."""
