"""The only writers of customers and their addresses: atomic and audited."""
