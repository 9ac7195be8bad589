"""What the settings pages of inboxes show, each in a fixed number of queries."""
