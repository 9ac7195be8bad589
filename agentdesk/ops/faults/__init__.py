"""Faults while messages come and go: what was acknowledged is there once, and left once.

Each module is one kind of fault, with a scenario that `run.SCENARIOS` names. What they
share is in `scene`.
"""
