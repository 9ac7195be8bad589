"""Instagram: the direct messages of a professional account, in both directions."""
