"""The only writers of conversations and inquiries: atomic, audited, announced."""
