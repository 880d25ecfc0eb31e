"""What officers ask before they share: may I, what would a partner see, and exercises to learn it."""
