"""What is wrong with a text, or odd about it, alone or beside others: check, conflicts, health."""
