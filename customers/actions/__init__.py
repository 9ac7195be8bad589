"""The only writers of customers: one verb a module, atomic and audited."""
