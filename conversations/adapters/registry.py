"""The whole registration: one line a channel."""

from django.conf import settings

from conversations.adapters.base import Adapter
from conversations.adapters.email.adapter import EmailAdapter
from conversations.adapters.instagram.adapter import InstagramAdapter
from conversations.adapters.line.adapter import LineAdapter
from conversations.adapters.messenger.adapter import MessengerAdapter
from conversations.adapters.phone.adapter import PhoneAdapter
from conversations.adapters.sms.adapter import SmsAdapter
from conversations.adapters.telegram.adapter import TelegramAdapter
from conversations.adapters.webchat.adapter import WebChatAdapter
from conversations.adapters.whatsapp.adapter import WhatsAppAdapter
from conversations.adapters.x.adapter import XAdapter
from conversations.choices import Channel

ADAPTERS: dict[str, type[Adapter]] = {
    Channel.WEBCHAT: WebChatAdapter,
    Channel.PHONE: PhoneAdapter,
    Channel.EMAIL: EmailAdapter,
    Channel.LINE: LineAdapter,
    Channel.SMS: SmsAdapter,
    Channel.TELEGRAM: TelegramAdapter,
    Channel.X: XAdapter,
    Channel.MESSENGER: MessengerAdapter,
    Channel.INSTAGRAM: InstagramAdapter,
    Channel.WHATSAPP: WhatsAppAdapter,
}


def is_offered(channel: str) -> bool:
    """Whether this installation has the channel: some are off until they are switched on."""
    switch = ADAPTERS[channel].switch
    return not switch or bool(getattr(settings, switch))


def channels_that(capability: str) -> list[str]:
    """Those with that capability, by its name."""
    return [
        str(channel)
        for channel, adapter in ADAPTERS.items()
        if getattr(adapter.capabilities, capability)
    ]
