"""The settings pages of inboxes, one URL each."""
