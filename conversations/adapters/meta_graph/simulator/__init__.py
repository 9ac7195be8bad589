"""Meta's Graph API as all its channels meet it; each has its own simulator."""
