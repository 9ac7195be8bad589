"""Signals to open screens: publish after commit, one socket per tab, presence.

Ids and kinds only travel here; who hears which event is decided in each app.
"""
