"""Our own web chat. Its visitors write over our own endpoints; nothing is parsed here."""
