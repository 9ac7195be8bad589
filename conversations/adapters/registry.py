"""The whole registration: one line a channel."""

from conversations.adapters.base import Adapter
from conversations.adapters.instagram.adapter import InstagramAdapter
from conversations.adapters.line.adapter import LineAdapter
from conversations.adapters.messenger.adapter import MessengerAdapter
from conversations.adapters.phone.adapter import PhoneAdapter
from conversations.adapters.webchat.adapter import WebChatAdapter
from conversations.adapters.whatsapp.adapter import WhatsAppAdapter
from conversations.choices import Channel

ADAPTERS: dict[str, type[Adapter]] = {
    Channel.WEBCHAT: WebChatAdapter,
    Channel.PHONE: PhoneAdapter,
    Channel.LINE: LineAdapter,
    Channel.MESSENGER: MessengerAdapter,
    Channel.INSTAGRAM: InstagramAdapter,
    Channel.WHATSAPP: WhatsAppAdapter,
}
