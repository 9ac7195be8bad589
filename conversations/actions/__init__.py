"""The only writers of conversations: one verb a module, atomic, audited, announced."""
