"""What people may type into the pages of accounts, checked."""
