"""From a provider's post to the customer's thread: pipeline.py has the steps in their order.

`process_inbox` takes up what waits; `process_event` is what becomes of one event.
"""
