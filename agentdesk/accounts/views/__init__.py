"""Pages of accounts and of the people in them."""
