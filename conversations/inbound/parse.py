"""The step that asks the adapter what an event says."""

import structlog

from conversations.adapters.base import Adapter
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState
from conversations.inbound.shapes import ParsedEvent
from conversations.models import ProviderEvent
from conversations.sweeps.each import reason_of

log = structlog.get_logger(__name__)


def parse(event: ProviderEvent, adapter: Adapter) -> ParsedEvent:
    """What the adapter makes of it; never raises."""
    try:
        return ParsedEvent(event, adapter.parse(bytes(event.body)))
    except UnknownEventError as error:
        return ParsedEvent(event, state=EventState.IGNORED, reason=str(error))
    except InvalidPayloadError as error:
        return ParsedEvent(event, state=EventState.QUARANTINED, reason=str(error))
    except Exception as error:
        log.exception("event_not_read", provider_event=event.pk)
        return ParsedEvent(event, state=EventState.QUARANTINED, reason=reason_of(error))
