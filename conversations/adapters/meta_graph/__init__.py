"""What Meta's channels share: the door, the Graph API, its errors. No channel's events."""
