"""A disk that is full: how it shows, and that nothing half-written stays."""

import errno
from contextlib import suppress
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

STATUS_FULL = 507
# A quota and a limit on the size of files are the same to whoever writes.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DATABASE_FULL = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether it means that files, or the database's own, find no room."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return (
        getattr(error.__cause__, "sqlstate", "") == _DATABASE_FULL if error else False
    )


def full_text() -> str:
    return _(
        "The server's disk is full: this could not be saved. Please try again later."
    )


class WholeFileStorage(FileSystemStorage):
    """Files are there as a whole or not at all."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        try:
            return str(super()._save(name, content))  # type: ignore[misc]  # not in the stubs
        except OSError:
            with suppress(OSError):
                Path(self.path(name)).unlink()
            raise
