"""The forms of sign-in, people and one's own settings.

Checks of one field live here; rules over several rows live in actions.
"""
