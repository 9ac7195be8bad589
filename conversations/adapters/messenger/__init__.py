"""Messenger: the messages of a Facebook page, in both directions."""
