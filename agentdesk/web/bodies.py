"""How much of a request's body Daphne takes in before anybody has looked at it.

Daphne keeps a whole body, of any length and from anybody, before the application
sees the request, and Twisted reads forms in memory once more for nobody's use: 200 MB
took 2.5 GB and stopped the process for seconds.
"""

from daphne import http_protocol
from django.conf import settings

# What stands around a file in a form.
AROUND_A_FILE = 1024 * 1024
PATIENCE = 10  # seconds in which a client that still sends may read the refusal
_SENTENCE = b"The body of this request is too large."
_REFUSAL = (
    b"HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\n"
    b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
    % (len(_SENTENCE), _SENTENCE)
)


class BoundedRequest(http_protocol.WebRequest):
    """Refuses a longer body as soon as its length is known, keeping nothing of it."""

    _parsePOSTFormSubmission = False  # noqa: N815  # Django does

    def gotLength(self, length: int | None) -> None:  # noqa: N802  # Twisted's name
        self.received = 0
        self.is_refused = False
        is_too_large = length is not None and length > longest_body()
        super().gotLength(0 if is_too_large else length)
        if is_too_large:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.is_refused:
            return
        self.received += len(data)
        if self.received > longest_body():
            self._refuse()
            return
        super().handleContentChunk(data)

    def process(self) -> None:
        if self.is_refused:
            self.channel.loseConnection()
            return
        super().process()

    def _refuse(self) -> None:
        self.is_refused = True
        self.content.truncate(0)
        self.channel.transport.write(_REFUSAL)
        self.channel.callLater(PATIENCE, self._hang_up)

    def _hang_up(self) -> None:
        if self.channel is not None:
            self.channel.loseConnection()


def longest_body() -> int:
    return max(settings.FILE_UPLOAD_MAX_BYTES + AROUND_A_FILE, settings.HOOK_MAX_BYTES)


def bound_bodies() -> None:
    """Let Daphne make these of every request in this process."""
    http_protocol.WebRequest = BoundedRequest
