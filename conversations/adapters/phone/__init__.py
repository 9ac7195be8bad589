"""Calls as any PBX tells them, by our own small JSON events."""
