"""What admins type about inboxes, checked."""
