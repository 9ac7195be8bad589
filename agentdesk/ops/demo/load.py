"""Loads the demo into an empty database, from a seed, in one transaction."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from random import Random

from django.db import connection, transaction

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.ops.demo import bulk
from agentdesk.ops.demo.companies import Company, create_companies
from agentdesk.ops.demo.copying import Loader, Table
from agentdesk.ops.demo.history import History
from agentdesk.ops.demo.lines import Lines
from agentdesk.ops.demo.open_work import OpenWork
from agentdesk.ops.demo.people import People
from agentdesk.ops.demo.purchases import Purchases
from agentdesk.ops.demo.stamps import DAY, japanese_midnight
from agentdesk.ops.demo.stories import Stories
from agentdesk.ops.demo.threads import HOUR, Threads

Say = Callable[[str], None]

_BULK = 100_000  # messages from which on indexes are built after loading
_OPEN_AT_LEAST = 42
_SHARE_OPEN = 0.02


class NotEmptyError(Exception):
    """The database already has accounts or users."""


@dataclass(frozen=True)
class Size:
    customers: int = 300
    messages: int = 4_000


def load_demo(
    size: Size,
    *,
    seed: int = 1,
    say: Say,
    is_bulk: bool | None = None,
    now: int | None = None,
) -> None:
    """Fill the empty database. Raises NotEmptyError, and leaves nothing half-loaded.

    The past ends with yesterday; only open work counts from `now`, the current second.
    """
    if ClientAccount.objects.exists() or User.objects.exists():
        raise NotEmptyError
    rng, now = Random(seed), now or int(time.time())  # noqa: S311  # the same demo each time
    with transaction.atomic():
        companies = create_companies(rng, now)
        makers = _Makers(rng, now, size)
        is_many = size.messages >= _BULK if is_bulk is None else is_bulk
        with bulk.bare(makers.tables, say) if is_many else nullcontext():
            _generate(makers, companies, size, say)
        bulk.restart_numbers(makers.tables)
    say("Gathering statistics…")
    bulk.analyse()


class _Makers:
    def __init__(self, rng: Random, now: int, size: Size) -> None:
        self.now = now
        self.rng = rng
        today = japanese_midnight(now)
        self.people = People(rng, today)
        self.purchases = Purchases(rng, today)
        self.lines = Lines(rng)
        self.history = History(today)
        self.threads = Threads(rng, today, self.people, self.lines, self.history)
        wanted = size.messages / size.customers
        self.stories = Stories(rng, today, self.threads, wanted)
        self.open_work = OpenWork(rng, now, self.threads, self.purchases)
        self.open_every = _open_every(size.customers)
        self.tables: list[Table] = [
            self.people.customers,
            self.people.identities,
            self.people.claims,
            *self.purchases.tables,
            self.threads.conversations,
            self.threads.inquiries,
            self.lines.messages,
            self.lines.calls,
            self.threads.visitors,
            self.threads.reaches,
            *self.open_work.tables,
            self.history.entries,
        ]

    def make(self, number: int, company: Company) -> None:
        """One customer, with all that belongs to them."""
        person = self.people.make(number, company)
        orders = self.purchases.history(person)
        thread = self.threads.begin(person)
        self.stories.past(person, orders, thread)
        if number % self.open_every == self.open_every - 1:
            self.open_work.leave(person, thread)
        if thread.last_at:
            self.threads.end(thread)
        else:
            self.threads.forget(thread)
        if self.rng.random() < 0.12:
            age = int(self.rng.random() ** 2 * 9 * DAY) + HOUR // 3
            self.purchases.fill_cart(person, self.now - age)


def _open_every(customers: int) -> int:
    """Every how many customers one has an open inquiry."""
    return max(int(min(1 / _SHARE_OPEN, customers / _OPEN_AT_LEAST)), 1)


def _generate(makers: _Makers, companies: list[Company], size: Size, say: Say) -> None:
    connection.ensure_connection()
    loader = Loader(connection.connection, makers.tables)
    began, step = time.monotonic(), max(size.customers // 10, 20_000)
    with loader:
        for number in range(1, size.customers + 1):
            makers.make(number, companies[number % 5 > 2])
            loader.flush_when_full()
            if number % step == 0:
                seconds = time.monotonic() - began
                say(
                    f"{number:,} customers, {makers.lines.count:,} messages, "
                    f"{seconds:.0f} s"
                )
