"""How the desk shows X."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

ABOUT = About(
    summary=_("Direct messages to an account on X."),
    icon="at-sign",
    colours=("#1e2228", "#e5e8ec"),
    mark="#101418",
    address=AddressKind("x"),
)
