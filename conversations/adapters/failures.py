"""How adapters fail: at the door, over an event, and on the way out."""


class InvalidSignatureError(Exception):
    """The request was not signed by the provider: 403, nothing stored."""


class NotNowError(Exception):
    """What proves a request could not be had just now: 503, and the provider asks again."""


class InvalidPayloadError(Exception):
    """The event cannot be understood: it waits in quarantine with this reason."""


class UnknownEventError(Exception):
    """An event we do not use: kept, and marked ignored."""


class NotOfferedError(Exception):
    """The channel has no such thing."""


class SendError(Exception):
    """The provider, or the way to it, refuses.

    `permanent`: the same again would fail again. `is_ambiguous`: it may have been
    taken all the same. `code` is a FailureCode; `detail` is the provider's own text.
    `retry_after` in seconds.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        permanent: bool,
        is_ambiguous: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.is_ambiguous = is_ambiguous
        self.retry_after = retry_after
        self.status = status
