"""Messenger, as a page has it."""

from conversations.adapters.meta_graph.simulator.messaging import MessagingSimulator


class MessengerSimulator(MessagingSimulator):
    channel = "messenger"
    title = "Messenger"
    kinds = (*MessagingSimulator.kinds, "read")
    scopes = ("pages_messaging", "pages_manage_metadata")
