"""The only writers of replies, notes, drafts and templates: atomic and audited."""
