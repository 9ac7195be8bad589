"""What goes wrong at the start, as one sentence for the person who started it."""


class StartError(Exception):
    """The start cannot go on; the message says why and what to do."""
