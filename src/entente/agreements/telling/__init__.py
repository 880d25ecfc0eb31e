"""Decisions and provisions in sentences, in the reader's language. Explanations stay at home."""
