"""Plays Messenger to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.messenger.simulator.people import MessengerSimulator

SIMULATOR = MessengerSimulator
