"""Version 1 with all its routes, as agentdesk.urls mounts it."""

from conversations.api.base import api
from conversations.api.calls import router

api.add_router("", router)

__all__ = ["api"]
