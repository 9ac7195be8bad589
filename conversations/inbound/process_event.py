"""Acting on events that are stored: together, alone, or putting them away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from agentdesk.bulk_update import save_all
from agentdesk.disk import is_full
from conversations.adapters import events
from conversations.adapters.base import Adapter
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState
from conversations.contents.speaker import Speaker
from conversations.exceptions import NotYetError
from conversations.inbound.apply import apply
from conversations.inbound.event_state import (
    pending,
    put_off,
    set_aside,
    settle,
    try_again,
    wait,
)
from conversations.inbound.known import known_ids
from conversations.inbound.pipeline import draft_of, receive_drafts
from conversations.inbound.shapes import ParsedEvent, Result
from conversations.models import Inbox, Reach
from conversations.sweeps.each import is_away, reason_of

log = structlog.get_logger(__name__)


@dataclass
class Aftermath:
    """What an event leaves to be done with its provider, by primary key."""

    files: list[int] = field(default_factory=list)
    profiles: list[int] = field(default_factory=list)  # of Reach
    speakers: list[int] = field(default_factory=list)  # of Message
    replies: list[int] = field(default_factory=list)  # made by nobody

    def add(self, result: Any, adapter: Adapter) -> None:
        if not isinstance(result, Result):
            self._add_reach(result, adapter)
            return
        self.files += result.files
        if result.reply is not None:
            self.replies.append(result.reply.pk)
        self._add_reach(result.reach, adapter)
        speaker = Speaker.of(result.message) if result.is_new else None
        if speaker is not None and speaker.id:
            self.speakers.append(result.message.pk)

    def _add_reach(self, reach: Any, adapter: Adapter) -> None:
        has_profiles = adapter.capabilities.has_profiles
        if has_profiles and isinstance(reach, Reach) and not reach.profile_at:
            self.profiles.append(reach.pk)


def process_together(
    inbox: Inbox, adapter: Adapter, run: Sequence[ParsedEvent]
) -> Aftermath:
    """Act on plain events that follow each other, in one transaction."""
    aftermath = Aftermath()
    with transaction.atomic():
        ids = pending([one.event.pk for one in run])
        drafts = [
            draft_of(inbox, message, one.event.received_at)
            for one in run
            if one.event.pk in ids
            for message in one.parsed
            if isinstance(message, events.InboundMessage)
        ]
        for result in receive_drafts(inbox, drafts):
            aftermath.add(result, adapter)
        settle(ids, EventState.PROCESSED)
    return aftermath


@transaction.atomic
def put_away(run: Sequence[ParsedEvent]) -> None:
    """Settle events there is nothing to do for, in one statement."""
    ids, now = pending([one.event.pk for one in run]), timezone.now()
    rows = []
    for one in run:
        if one.event.pk in ids:
            one.event.state, one.event.reason = one.state, one.reason[:300]
            one.event.processed_at = now
            rows.append(one.event)
    save_all(rows, ("state", "reason", "processed_at"))


def postpone_unknown(inbox: Inbox, several: Sequence[ParsedEvent]) -> list[ParsedEvent]:
    """Let those wait whose messages are not known, looked up together; the others."""
    targets = {target for one in several for target in one.targets}
    missing = targets - known_ids(inbox, targets) if targets else set()
    early = [one.event for one in several if one.targets & missing]
    if early:
        wait(early, "the message it speaks of is not known")
    return [one for one in several if not one.targets & missing]


def process_alone(adapter: Adapter, one: ParsedEvent) -> Aftermath:
    """Act on one event. Raises only where the database is away: it stays pending."""
    event, aftermath = one.event, Aftermath()
    try:
        with transaction.atomic():
            _process(adapter, one, aftermath)
    except NotYetError as early:
        wait([event], str(early))
        return Aftermath()
    except Exception as error:
        if is_away(error):
            raise
        reason = reason_of(error)
        if is_full(error):
            log.error("disk_full", provider_event=event.pk, error=str(error))
            put_off(event, "the disk is full")
        elif isinstance(error, (IntegrityError, OperationalError)):
            # Two at once met over the same row: the next try finds what the other made.
            try_again(event, reason)
        else:
            log.exception("event_failed", provider_event=event.pk)
            set_aside(event, reason)
        return Aftermath()
    return aftermath


def _process(adapter: Adapter, one: ParsedEvent, aftermath: Aftermath) -> None:
    event = one.event
    if not pending([event.pk]):
        return
    state, reason = one.state, one.reason
    try:
        for parsed in one.parsed:
            aftermath.add(apply(event, parsed), adapter)
    except UnknownEventError as error:
        state, reason = EventState.IGNORED, str(error)
    except InvalidPayloadError as error:
        state, reason = EventState.QUARANTINED, str(error)
    settle([event.pk], state, reason)
