from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from agentdesk.accounts.models import User
from agentdesk.audit import log


@transaction.atomic
def issue_recovery_link(user: User, *, without_second_step: bool) -> str:
    """For whoever nobody else can help back in: by someone at the server itself.

    A path, or an address under PUBLIC_URL; it works once, within a day.
    """
    removed = 0
    if without_second_step:
        removed, _by_model = Authenticator.objects.filter(user=user).delete()
    log.record(
        "user.recovery_link_issued",
        user,
        actor=None,
        after={"second_step": not removed} if without_second_step else {},
    )
    token = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": token},
    )
    return f"{settings.PUBLIC_URL}{path}"
