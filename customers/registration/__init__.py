"""What this app tells the platform while it starts: its settings pages."""
