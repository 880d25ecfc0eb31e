"""Golden decisions: what is asked, what the answer must be, and why; and what none of them tries."""
