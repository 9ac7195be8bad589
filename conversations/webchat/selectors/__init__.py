"""What a chat shows its visitors, and agents of a visitor."""
