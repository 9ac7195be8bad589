"""The tests: they enter by the front door, on servers of their own."""
