"""What Telegram posts: one update a request. Source: Telegram Bot API, "Update", "Message"."""

from pydantic import BaseModel, ConfigDict, Field


class Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class User(Payload):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username


class Chat(Payload):
    id: int
    type: str  # private, group, supergroup, channel


class File(Payload):
    """Any file. `file_id` is how this bot fetches it."""

    file_id: str = ""
    file_name: str = ""
    mime_type: str = ""
    file_size: int | None = None
    duration: int | None = None  # seconds


class PhotoSize(File):
    width: int = 0
    height: int = 0


class Sticker(File):
    emoji: str = ""
    is_animated: bool = False  # .tgs, which no browser draws
    is_video: bool = False
    thumbnail: PhotoSize | None = None


class Contact(Payload):
    phone_number: str = ""
    first_name: str = ""
    last_name: str = ""


class Location(Payload):
    latitude: float
    longitude: float
    live_period: int | None = None


class Venue(Payload):
    location: Location
    title: str = ""
    address: str = ""


class Replied(Payload):
    message_id: int


class Origin(Payload):
    """Where a forwarded message came from."""

    type: str = ""


class Message(Payload):
    """Its id means something within its chat alone."""

    message_id: int
    date: int = 0  # seconds
    edit_date: int = 0
    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    text: str = ""
    caption: str = ""
    photo: list[PhotoSize] = Field(default_factory=list)
    document: File | None = None
    animation: File | None = None
    video: File | None = None
    video_note: File | None = None
    audio: File | None = None
    voice: File | None = None
    sticker: Sticker | None = None
    contact: Contact | None = None
    location: Location | None = None
    venue: Venue | None = None
    reply_to_message: Replied | None = None
    forward_origin: Origin | None = None


class Member(Payload):
    status: str = ""  # member, kicked, …


class MemberUpdate(Payload):
    """The customer has blocked the bot, or lets it write again."""

    chat: Chat
    date: int = 0
    new_chat_member: Member = Member()


class Update(Payload):
    """One of the things below `update_id` is set; its number tells a redelivery."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    my_chat_member: MemberUpdate | None = None
