"""What simulated providers share: routes, faults on demand, files, and a check by OpenAPI.

Each channel's own is its package `simulator`; what serves them is `conversations.simulators`.
"""
