"""The three panes an agent works in: list, workspace and thread, with palette and bell.

It stands above all other areas; what is done from here is in theirs.
"""
