"""Asking a customer to link their channel with their account at the shop."""

from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.contents.sending import Buttons, LinkInvitation
from conversations.exceptions import CannotLinkError
from conversations.models import Conversation, Message
from conversations.outbound.reply_options import chosen_option
from conversations.replies.actions.reply import send_reply


@transaction.atomic
def invite_to_link(
    conversation: Conversation, *, member: Membership, client_id: UUID, via: str = ""
) -> Message:
    """Send a button that leads to the shop's sign-in, in the account's language.

    The link itself is fetched when the message leaves: it lives for ten minutes.
    Raises CannotLinkError, and what `send_reply` raises.
    """
    option = chosen_option(conversation, via)
    if option is None or not option.can_link:
        raise CannotLinkError
    with translation.override(conversation.account.locale):
        body = _(
            "Link this chat with your account at our shop. Sign in with the button "
            "below within ten minutes."
        )
        label = _("Sign in and link")
    message = send_reply(
        conversation,
        member=member,
        body=body,
        client_id=client_id,
        via=option.value,
        data={
            **LinkInvitation(label).as_data(),
            **Buttons([{"label": label}]).as_data(),
        },
        preserves_draft=True,
    )
    log.record("account_link.asked", message, actor=member.user)
    return message
