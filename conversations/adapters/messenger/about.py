"""How the desk shows Messenger."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

ABOUT = About(
    summary=_("Messages to a Facebook page."),
    icon="message-circle-more",
    colours=("#1d4fb8", "#9fc2ff"),
    mark="#0866ff",
    address=AddressKind("messenger"),
)
