"""Plays WhatsApp to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.whatsapp.simulator.api import WhatsAppSimulator

SIMULATOR = WhatsAppSimulator
