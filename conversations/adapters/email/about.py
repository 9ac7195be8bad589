"""How the desk shows email."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About

ABOUT = About(
    summary=_("A mailbox (IMAP), Google Workspace, Microsoft 365, or a mail service."),
    icon="mail",
    colours=("#6b4410", "#e8c48f"),
    mark="#6f5b46",
    also_called=("メール",),
)
