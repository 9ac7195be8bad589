"""What this app tells the platform while it starts: words, settings pages and checks."""
