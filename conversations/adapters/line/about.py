"""How the desk shows LINE."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

ABOUT = About(
    summary=_("A LINE official account, by its Messaging API."),
    icon="message-circle",
    colours=("#005d2d", "#92dfa7"),
    mark="#06c755",
    is_solid=True,
    address=AddressKind("line"),
)
