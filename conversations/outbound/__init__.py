"""From a written reply to the provider: planned, composed, delivered, settled, recovered.

What an agent writes, and what is checked before, is in `replies`.
"""
