"""How the desk shows WhatsApp."""

import re

from django.utils.translation import gettext_lazy as _

from conversations.adapters.about import About, AddressKind

# What Meta calls a user whose number it does not tell: JP.1A2B3C. And a group:
# "capi_group:…" in base64, whose letters are no vanity number.
_VERBATIM = re.compile(
    r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}|Y2FwaV9ncm91cDo[A-Za-z0-9+/=_-]{1,200}"
)

ABOUT = About(
    summary=_("A number of the WhatsApp Business Platform (Cloud API)."),
    icon="message-square-quote",
    colours=("#0b5c4a", "#86dcc4"),
    mark="#25d366",
    address=AddressKind("whatsapp", is_number=True, verbatim=_VERBATIM),
)
