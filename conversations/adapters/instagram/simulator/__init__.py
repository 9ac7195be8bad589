"""Plays Instagram to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.instagram.simulator.people import InstagramSimulator

SIMULATOR = InstagramSimulator
