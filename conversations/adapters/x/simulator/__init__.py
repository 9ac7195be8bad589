"""Plays X to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.x.simulator.people import XSimulator

SIMULATOR = XSimulator
