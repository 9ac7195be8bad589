"""What LINE posts, in its own spelling. Source: line-openapi, webhook.yml.

What is not known is left out; a kind that is not known is told by its `type` alone.
`messageEdited` is younger than the file: line-openapi, pull request 129.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

from conversations.adapters.payload import Payload

_YEAR_2200 = 7_258_118_400_000  # milliseconds


class LinePayload(Payload):
    model_config = ConfigDict(alias_generator=to_camel)


class Source(LinePayload):
    """Who speaks, and where: a user alone, or in a group or a room."""

    type: str
    user_id: str = ""
    group_id: str = ""
    room_id: str = ""

    @property
    def place(self) -> str:
        """The id of the conversation; empty where it is of a kind we do not know.

        Who speaks in such a one is not to be answered in their own chat.
        """
        ids = {"user": self.user_id, "group": self.group_id, "room": self.room_id}
        return ids.get(self.type, "")

    @property
    def is_shared(self) -> bool:
        return self.type in {"group", "room"}


class DeliveryContext(LinePayload):
    is_redelivery: bool = False


class ContentProvider(LinePayload):
    """`external`: the file is at an address of somebody else's."""

    type: str = ""
    original_content_url: str = ""
    preview_image_url: str = ""


class ImageSet(LinePayload):
    id: str = ""
    index: int | None = None
    total: int | None = None


class Mentionee(LinePayload):
    type: str = ""
    index: int = 0
    length: int = 0
    user_id: str = ""
    is_self: bool = False


class Mention(LinePayload):
    mentionees: list[Mentionee] = []


class Content(LinePayload):
    """A message of any kind; one that is not known yet stays this."""

    type: str
    id: str = Field(min_length=1, max_length=200)
    quote_token: str = ""
    quoted_message_id: str = ""
    mark_as_read_token: str = ""


class Text(Content):
    text: str  # emoji of LINE's own stand in it by name: (hello)
    mention: Mention | None = None


class Image(Content):
    content_provider: ContentProvider = ContentProvider()
    image_set: ImageSet | None = None


class Video(Content):
    content_provider: ContentProvider = ContentProvider()
    duration: int | None = None  # milliseconds


class Audio(Video):
    pass


class File(Content):
    file_name: str = ""
    file_size: int | None = None


class Location(Content):
    title: str = ""
    address: str = ""
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Sticker(Content):
    sticker_id: str = ""
    sticker_resource_type: str = ""
    keywords: list[str] = []
    text: str = ""  # what the customer wrote onto it


_CONTENTS = {"text", "image", "video", "audio", "file", "location", "sticker"}


def _kind_of(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", "")
    return kind if isinstance(kind, str) and kind in _CONTENTS else "other"


AnyContent = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[Image, Tag("image")]
    | Annotated[Video, Tag("video")]
    | Annotated[Audio, Tag("audio")]
    | Annotated[File, Tag("file")]
    | Annotated[Location, Tag("location")]
    | Annotated[Sticker, Tag("sticker")]
    | Annotated[Content, Tag("other")],
    Discriminator(_kind_of),
]


class Event(LinePayload):
    """What all events have in common. `standby`: another system holds the chat."""

    type: str
    timestamp: int = Field(ge=0, lt=_YEAR_2200)  # milliseconds
    mode: str = "active"
    source: Source | None = None
    delivery_context: DeliveryContext = DeliveryContext()
    reply_token: str = Field("", max_length=200)

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp / 1000, UTC)


class MessageEvent(Event):
    message: AnyContent


class MessageEditedEvent(Event):
    message: AnyContent


class Unsent(LinePayload):
    message_id: str = Field(min_length=1, max_length=200)


class UnsendEvent(Event):
    unsend: Unsent


class Follow(LinePayload):
    is_unblocked: bool = False


class FollowEvent(Event):
    follow: Follow = Follow()


class UnfollowEvent(Event):
    pass


class JoinEvent(Event):
    pass


class LeaveEvent(Event):
    pass


class Members(LinePayload):
    members: list[Source]


class MemberJoinedEvent(Event):
    joined: Members


class MemberLeftEvent(Event):
    left: Members


class Postback(LinePayload):
    data: str
    params: dict[str, str | None] = {}


class PostbackEvent(Event):
    postback: Postback


class VideoPlayComplete(LinePayload):
    tracking_id: str


class VideoPlayCompleteEvent(Event):
    video_play_complete: VideoPlayComplete


class Beacon(LinePayload):
    hwid: str
    type: str
    dm: str = ""


class BeaconEvent(Event):
    beacon: Beacon


class Link(LinePayload):
    result: str
    nonce: str = Field(min_length=1, max_length=255)


class AccountLinkEvent(Event):
    link: Link


class Membership(LinePayload):
    type: str  # joined, left, renewed
    membership_id: int


class MembershipEvent(Event):
    membership: Membership


class BotSuspendedEvent(Event):
    pass


class BotResumedEvent(Event):
    pass


EVENTS: dict[str, type[Event]] = {
    "message": MessageEvent,
    "messageEdited": MessageEditedEvent,
    "unsend": UnsendEvent,
    "follow": FollowEvent,
    "unfollow": UnfollowEvent,
    "join": JoinEvent,
    "leave": LeaveEvent,
    "memberJoined": MemberJoinedEvent,
    "memberLeft": MemberLeftEvent,
    "postback": PostbackEvent,
    "videoPlayComplete": VideoPlayCompleteEvent,
    "beacon": BeaconEvent,
    "accountLink": AccountLinkEvent,
    "membership": MembershipEvent,
    "botSuspended": BotSuspendedEvent,
    "botResumed": BotResumedEvent,
}
# Told to somebody else: to a module of LINE's market place, or to a mass mailing.
NOT_OURS = {
    "module": "an event of LINE's module channels",
    "activated": "an event of LINE's module channels",
    "deactivated": "an event of LINE's module channels",
    "delivery": "a notification message, which we do not send, has arrived",
}
