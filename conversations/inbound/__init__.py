"""From a provider's post to the customer's thread: stored first, then parsed and received.

`process_inbox` takes up what waits; `process_event` is what becomes of one event.
"""
