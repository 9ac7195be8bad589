"""Plays Telegram to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.telegram.simulator.people import TelegramSimulator

SIMULATOR = TelegramSimulator
