"""What `manage.py up` does: look before starting, prepare, keep running, stop.

The private servers it begins with are in `agentdesk.ops.launcher.servers`.
"""
