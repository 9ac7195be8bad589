"""Pages of sign-in, people and one's own settings.

They read requests and choose answers; what changes is changed by actions.
"""
