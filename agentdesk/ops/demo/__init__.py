"""The demo: two client companies with customers, purchases and threads, from a seed.

Loads an empty database, small for trying out or in bulk for measuring. Nothing here is
imported by the product itself but `sign_ins`.
"""

from agentdesk.ops.demo.cast import SignIn, sign_ins

__all__ = ["SignIn", "sign_ins"]
