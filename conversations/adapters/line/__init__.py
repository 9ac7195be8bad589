"""LINE's Messaging API: official accounts, in both directions."""
