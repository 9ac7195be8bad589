"""How the desk shows the web chat."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About

ABOUT = About(
    summary=_("A chat on the company's own site. One line of script."),
    icon="message-square-text",
    colours=("#26499b", "#9dbdff"),
    mark="#335ab4",
    settings_page="settings_desk:webchat",
    also_called=("チャット", "ウェブチャット"),
)
