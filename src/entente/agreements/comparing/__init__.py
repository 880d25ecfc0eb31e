"""Two versions of a text: who now gives what to whom for what, and who no longer does."""
