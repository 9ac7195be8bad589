"""The process that reads mailboxes: a thread each, which waits for mail and keeps it.

What a mail means is not decided here: it is kept as a provider event, like a webhook.
"""
