"""How the desk shows Telegram."""

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

ABOUT = About(
    summary=_("A bot on Telegram, made with @BotFather."),
    icon="send",
    colours=("#0b5a86", "#8fd0f5"),
    mark="#229ed9",
    address=AddressKind("telegram"),
)
