"""The session store (settings.SESSION_ENGINE): Django's, with the user in a column.

Every request reads its session and then the user it belongs to: here by one query.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth import get_user as auth_get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from agentdesk.accounts.models import Session, User
from agentdesk.prepared import prepared


@prepared
def _rows(session_key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key).select_related("user")


class SessionStore(DatabaseStore):
    user: User | None = None  # as it was when the session was read

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        rows = _rows(str(self.session_key)) if self.session_key else []
        if not rows or rows[0].expire_date <= timezone.now():
            self._session_key = None
            return None
        self.user = rows[0].user
        return rows[0]

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        user_id = str(data.get(SESSION_KEY, ""))
        row.user_id = int(user_id) if user_id.isdecimal() else None
        return row


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """`django.contrib.auth.get_user`, with the user that came with the session.

    Where anything is not as it should be (another password since, a user who was
    deactivated, another backend), Django decides, and reads the user anew.
    """
    session = request.session
    user_id = session.get(SESSION_KEY)  # reads the session
    user: User | None = getattr(session, "user", None)
    if (
        user is not None
        and str(user.pk) == user_id
        and user.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(
            session.get(HASH_SESSION_KEY) or "", user.get_session_auth_hash()
        )
    ):
        return user
    found = auth_get_user(request)
    assert isinstance(found, User | AnonymousUser)
    return found
