"""One package per channel: verify, parse, send. No model, no action, no sibling."""
