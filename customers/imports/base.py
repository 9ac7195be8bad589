"""What every kind of import is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from agentdesk.accounts.models import ClientAccount
from customers.imports.fillers import Fillers
from customers.imports.mapping import Mapping
from customers.models import Store

MAX_WORDS = 100  # that are reported by name

StagedRow = tuple[object, ...]
Progress = Callable[[str], None]


class WrongFileError(Exception):
    """The whole file cannot be imported; the sentence says why. Nothing was written."""


class BadRowError(Exception):
    """One row cannot be taken; the sentence says why. All others can."""


@dataclass
class Source:
    """What the rows of a file are read for, and how."""

    account: ClientAccount
    mapping: Mapping
    default_store: Store | None = None
    fillers: Fillers = field(default_factory=Fillers)
    shared_limit: int = 5  # an address of more people than these is nobody's
    addresses_confirmed: bool = False  # by the shop, for its members
    whole_orders: bool = False  # an order's lines in the file are all that it has


@dataclass
class Counts:
    """What one run did; also the summary that is printed, in this order."""

    rows_read: int = 0
    rows_rejected: int = 0
    rows_unfinished: int = 0
    orders_created: int = 0
    orders_updated: int = 0
    orders_unchanged: int = 0
    customers_created: int = 0
    customers_completed: int = 0
    claims_recorded: int = 0
    identities_confirmed: int = 0
    unreadable_addresses: int = 0
    shared_addresses: int = 0
    layout: str = ""
    unknown_columns: list[str] = field(default_factory=list)
    unknown_words: dict[str, int] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        return bool(
            self.orders_created or self.orders_updated or self.customers_completed
        )

    def note_unknown_word(self, title: str, word: str) -> None:
        """Reported once a word, however many rows have it."""
        name = f"{title}: {word[:40]}"
        if name in self.unknown_words or len(self.unknown_words) < MAX_WORDS:
            self.unknown_words[name] = self.unknown_words.get(name, 0) + 1


class Kind(Protocol):
    """One kind of file."""

    def __init__(self, source: Source, counts: Counts) -> None: ...

    def check_header(self, header: list[str]) -> None:
        """Find the columns. Raises WrongFileError where this is another kind of file."""

    def stage_tables(self) -> None:
        """Make the staging tables of this session."""

    def staged(self, line: int, cells: list[str]) -> StagedRow | None:
        """One row, read and checked; None where it is to be passed over.

        Raises BadRowError.
        """

    def rejected(self, line: int, reason: str, cells: list[str], raw: str) -> StagedRow:
        """A row that cannot be taken, for its staging table."""

    def copy(self, rows: list[StagedRow]) -> None:
        """Write rows that were read into the staging table."""

    def merge(self, progress: Progress) -> None:
        """Bring what is staged into the account, in batches, and count it."""
