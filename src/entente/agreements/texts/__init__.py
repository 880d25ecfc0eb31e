"""How agreements and golden decisions are read, written and laid out; every problem has its place."""
