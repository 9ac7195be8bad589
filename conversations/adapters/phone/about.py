"""How the desk shows the phone."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About

ABOUT = About(
    summary=_("Calls of a telephone system, announced by an API key."),
    icon="phone",
    colours=("#02594f", "#8fdccf"),
    mark="#0a6e62",
    settings_page="settings_desk:phones#phone",
)
