"""Version 1 with all its routes, as agentdesk.urls mounts it."""

from conversations.api.base import api
from conversations.api.calls import router as calls
from conversations.api.links import router as links

api.add_router("", calls)
api.add_router("", links)

__all__ = ["api"]
