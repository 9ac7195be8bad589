"""A step of a call, as a PBX or its gateway posts it. The spelling is ours."""

import json
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from conversations.adapters.masking import masked

_PRINTABLE = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"
_Id = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE
    ),
]
_Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100, pattern=_PRINTABLE),
]


def _of_our_time(at: datetime) -> datetime:
    """No year that another time zone cannot show: such a row could not be read again."""
    if not 2000 <= at.year < 2200:
        raise ValueError("The year is out of range")
    return at


_Moment = Annotated[
    datetime,
    AfterValidator(_of_our_time),
    Field(json_schema_extra={"pattern": r"^2[01]\d\d-"}),
]


def without_cards(body: bytes) -> bytes:
    """The event as it came, but for the card numbers in it; always UTF-8."""
    payload = json.loads(body)
    without = masked(payload, with_addresses=True)
    if without == payload and _is_utf8(body):
        return body
    return json.dumps(without).encode()


def _is_utf8(body: bytes) -> bool:
    """Only what the body is read by a second time, later."""
    return json.detect_encoding(body) == "utf-8"


class CallEventPayload(BaseModel):
    """One event of one call. Send it again as often as you like, in any order."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    call_id: _Id = Field(
        description="The PBX's own id of the call: the same in all of its events.",
        examples=["pbx-20261123-0001"],
    )
    type: _Id = Field(
        description="ringing, answered or ended. Any other is kept and ignored.",
        examples=["ringing"],
    )
    from_number: _Address = Field(
        "",
        alias="from",
        description="The caller's number, national or E.164; empty when withheld.",
        examples=["0312345678"],
    )
    to_number: _Address = Field(
        "",
        alias="to",
        description="The extension that rings, or the number that was called.",
        examples=["201"],
    )
    extension: _Address = Field(
        "", description="The extension, where `to` is the number that was called."
    )
    direction: Literal["inbound", "outbound"] = Field(
        "inbound", description="Who called: the customer (inbound) or the agent."
    )
    at: _Moment | None = Field(
        None,
        description="When it happened, ISO 8601; the time of arrival if left out. "
        "Without it and `event_id`, the same step of a call counts once a day.",
    )
    event_id: _Id | None = Field(
        None, description="An id of this event, where the PBX has one."
    )

    def unique_id(self, received_on: date) -> str:
        """What tells a repeat from a new event; at most 200 characters.

        An extension may ring again in the same call, and a PBX that begins to count
        anew gives a call's id again: the time tells them apart, or else the day.
        """
        if self.event_id:
            return self.event_id
        at = (self.at or received_on).isoformat()
        parts = (self.call_id, self.type, self.extension or self.to_number, at)
        whole = "|".join(parts)
        return whole if len(whole) <= 200 else sha256(whole.encode()).hexdigest()
