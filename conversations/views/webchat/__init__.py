"""The visitor's side of the web chat: its script, its JSON endpoints, its files.

The socket stands in `conversations.consumers`; the agent's side in the desk's views.
"""
