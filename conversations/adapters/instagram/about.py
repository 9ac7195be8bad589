"""How the desk shows Instagram."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

ABOUT = About(
    summary=_("Direct messages to an Instagram professional account."),
    icon="camera",
    colours=("#9a1f6b", "#f5a8d5"),
    mark="#d62976",
    address=AddressKind("instagram"),
)
