"""Plays Twilio to an inbox that is set to be simulated; no process of the desk loads it."""

from conversations.adapters.sms.simulator.people import SmsSimulator

SIMULATOR = SmsSimulator
