"""The only writers of inboxes and their settings: atomic and audited."""
