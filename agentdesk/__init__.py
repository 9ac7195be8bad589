"""The foundation both apps stand on, and the place where everything is wired.

No customer, message or call lives here: see `customers` and `conversations`.
"""
