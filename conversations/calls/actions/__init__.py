"""The only writers of calls: one verb a module, atomic, audited, announced."""
