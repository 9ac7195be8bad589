"""What the chooser says of each channel, in a sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.choices import Channel

CHANNEL_WORDS: dict[str, str | Promise] = {
    Channel.WEBCHAT: _("A chat on the company's own site. One line of script."),
    Channel.PHONE: _("Calls of a telephone system, announced by an API key."),
    Channel.EMAIL: _(
        "A mailbox (IMAP), Google Workspace, Microsoft 365, or a mail service."
    ),
    Channel.LINE: _("A LINE official account, by its Messaging API."),
    Channel.MESSENGER: _("Messages to a Facebook page."),
    Channel.INSTAGRAM: _("Direct messages to an Instagram professional account."),
    Channel.WHATSAPP: _("A number of the WhatsApp Business Platform (Cloud API)."),
    Channel.SMS: _("Short messages to a number of Twilio."),
    Channel.X: _("Direct messages to an account on X."),
}
