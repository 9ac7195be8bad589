"""What people may type into the settings pages of conversations, checked."""
