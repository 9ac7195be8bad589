"""Plays the mail services to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.email.simulator.provider import EspSimulator

SIMULATOR = EspSimulator
