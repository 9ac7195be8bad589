"""How the desk shows SMS."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About

ABOUT = About(
    summary=_("Short messages to a number of Twilio."),
    icon="smartphone",
    colours=("#5b3a9e", "#cbb5fb"),
    mark="#6d48b8",
)
