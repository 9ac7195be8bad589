"""What a message consists of beside its text: one file per kind of content.

Each is a frozen dataclass that is written into `Message.data` and read from it, and says
there what its keys mean. Knows no model and no channel: adapters make them, too.
"""
