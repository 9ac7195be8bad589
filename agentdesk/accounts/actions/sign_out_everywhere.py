from django.db import transaction

from agentdesk.accounts.models import Session, User
from agentdesk.audit import log
from agentdesk.live.publish import publish


@transaction.atomic
def sign_out_everywhere(user: User, *, actor: User | None) -> None:
    """End all sessions of `user` and close their sockets."""
    log.record("user.signed_out_everywhere", user, actor=actor)
    end_sessions(user)


def end_sessions(user: User, *, except_key: str = "") -> None:
    """End the sessions of `user` but the one with the key `keep`, sockets included."""
    Session.objects.filter(user=user).exclude(session_key=except_key).delete()
    publish(f"user:{user.pk}", "signed_out")
