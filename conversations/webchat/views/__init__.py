"""The visitor's side of the web chat: its script, its JSON endpoints, its files.

The socket stands in `conversations.webchat.consumers`; the agent's side in the desk's views.
"""
