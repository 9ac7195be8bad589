"""What every kind of import is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agentdesk.accounts.models import ClientAccount
from customers.imports.mapping import Mapping
from customers.models import Store

StagedRow = tuple[object, ...]
Progress = Callable[[str], None]


class WrongFileError(Exception):
    """The whole file cannot be imported; the sentence says why. Nothing was written."""


class BadRowError(Exception):
    """One row cannot be taken; the sentence says why. All others can."""


@dataclass
class Source:
    """What the rows of a file are read for."""

    account: ClientAccount
    mapping: Mapping
    default_store: Store | None = None


@dataclass
class Counts:
    """What one run did; also the summary that is printed, in this order."""

    rows_read: int = 0
    rows_rejected: int = 0
    orders_created: int = 0
    orders_updated: int = 0
    orders_unchanged: int = 0
    customers_created: int = 0
    unreadable_addresses: int = 0

    @property
    def has_changes(self) -> bool:
        return bool(self.orders_created or self.orders_updated)


class Kind(Protocol):
    """One kind of file."""

    def __init__(self, source: Source, counts: Counts) -> None: ...

    def check_header(self, header: list[str]) -> None:
        """Find the columns. Raises WrongFileError where this is another kind of file."""

    def stage_tables(self) -> None:
        """Make the staging tables of this session."""

    def staged(self, line: int, cells: list[str]) -> StagedRow:
        """One row, read and checked. Raises BadRowError."""

    def copy(self, rows: list[StagedRow]) -> None:
        """Write rows that were read into the staging table."""

    def merge(self, progress: Progress) -> None:
        """Bring what is staged into the account, in batches, and count it."""
