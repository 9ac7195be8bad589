"""X: direct messages by its webhooks and API v2. Off unless CHANNEL_X is set."""
