"""Plays LINE to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.line.simulator.api import LineSimulator

SIMULATOR = LineSimulator
