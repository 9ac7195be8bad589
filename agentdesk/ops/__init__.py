"""Run by people: launcher, demo, bench, faults, translations and their commands.

It may import everything; nothing imports it.
"""
