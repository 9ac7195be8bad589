"""People and what is known about them: identities, orders, carts.

Works without `conversations`, and never imports it.
"""
