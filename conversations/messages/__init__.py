"""What a message consists of: its text, its data and its files with their previews.

Nothing here knows how it came or where it goes.
"""
