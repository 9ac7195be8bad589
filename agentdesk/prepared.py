"""Queries that are asked again and again, put together once.

Django builds the SQL of a query set anew each time, which costs several times what
PostgreSQL takes for the answer. A prepared query is written as any other and returns the
same rows; only the values of its arguments change from one call to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from itertools import count
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from agentdesk.round_trip import execute_together

P = ParamSpec("P")
Row = TypeVar("Row")

# Numbers, words and moments that stand for an argument while the SQL is put together.
_FIRST_NUMBER = 8_000_000_000_000_000_000
_WORD = "\ue000argument{}\ue001"
_FIRST_MOMENT = datetime(2525, 1, 1, tzinfo=UTC)
_MOST_SHAPES = 256


@dataclass(frozen=True)
class Call:
    """A prepared query with its arguments, for `read_ahead`."""

    statement: _Statement
    values: tuple[Any, ...]


class Prepared(Generic[P, Row]):
    """Called as the function it was made of, it returns the rows."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build = build
        self._shapes: dict[tuple[Any, ...], _Statement] = {}
        update_wrapper(self, build)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> list[Row]:
        call = self.of(*arguments, **named)
        known = _ahead.get()
        if known is not None and call in known:
            return list(known[call])
        return cast(list[Row], call.statement.rows(call.values))

    def of(self, *arguments: P.args, **named: P.kwargs) -> Call:
        assert not named
        shape = tuple(_shape(one) for one in arguments)
        statement = self._shapes.get(shape)
        if statement is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            statement = self._shapes[shape] = _Statement(self._build, arguments)
        return Call(statement, tuple(_flat(arguments)))


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Prepared[P, Row]:
    """For a function that puts a query set together from its arguments alone.

    An argument is an integer, a text, a moment, or a list of them (for `__in`). Any other
    (True, None, a frozen dataclass) decides how the query looks: there is one for each. Nothing
    else may flow in, the time least of all: it would stay as it was at the first call.
    No prefetching.
    """
    return Prepared(build)


_ahead: ContextVar[dict[Call, list[Any]] | None] = ContextVar("_ahead", default=None)


@contextmanager
def read_ahead(*calls: Call) -> Iterator[None]:
    """Carries all of them out in one round trip; within, who calls them has the rows.

    It is for what a page is sure to read. Each call has the very same rows within the
    block, so nothing may be changed there.
    """
    wanted = [call for call in calls if call.statement.sql]
    known = dict(_ahead.get() or {})
    known |= {call: [] for call in calls}
    found = execute_together([call.statement.bound(call.values) for call in wanted])
    for call, rows in zip(wanted, found, strict=True):
        known[call] = call.statement.rows_from(rows)
    token = _ahead.set(known)
    try:
        yield
    finally:
        _ahead.reset(token)


def as_prefetched(row: Model, name: str, found: Sequence[Model]) -> None:
    """Let `row.<name>.all()` be what has been read already, as prefetching does."""
    rows = getattr(row, name).all()
    rows._result_cache = list(found)
    rows._prefetch_done = True
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = rows


class _Statement:
    """One shape of a query: its SQL, and where in its parameters the arguments stand."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], arguments: Sequence[Any]
    ) -> None:
        numbers = count()
        markers = [_marked(one, numbers) for one in arguments]
        self._queryset = build(*markers)
        assert not vars(self._queryset)["_prefetch_related_lookups"]
        self._compiler = self._queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.sql, parameters = self._compiler.as_sql()
        except EmptyResultSet:
            self.sql, parameters = "", ()
        self._parameters = list(parameters)
        self._places = [
            (place, number, _put_into(parameter, marker))
            for place, parameter in enumerate(self._parameters)
            for number, marker in enumerate(_flat(markers))
            if _stands_in(parameter, marker)
        ]
        found = {number for _place, number, _put in self._places}
        assert not self.sql or len(found) == len(_flat(markers)), "an argument is lost"

    def bound(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        parameters = list(self._parameters)
        for place, number, put in self._places:
            parameters[place] = put(values[number])
        return self.sql, parameters

    def rows(self, values: Sequence[Any]) -> list[Any]:
        if not self.sql:
            return []
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(*self.bound(values))
            return self.rows_from(cursor.fetchall())

    def rows_from(self, found: list[tuple[Any, ...]]) -> list[Any]:
        """What Django makes of what the database has answered."""
        compiler, query = _twin(self._compiler), _twin(self._queryset.query)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # this thread's
        compiler.execute_sql = lambda *_a, **_k: [found]
        query.get_compiler = lambda *_a, **_k: compiler
        queryset = _twin(self._queryset)
        queryset._query = query  # by its property, tuples would become dictionaries
        rows: Iterable[Any] = queryset._iterable_class(queryset)
        return list(rows)


def _twin(thing: Any) -> Any:
    """A shallow copy. `copy.copy` of a query set would run it, as pickling does."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def _is_value(argument: Any) -> bool:
    is_one = isinstance(argument, int | str | datetime)
    return is_one and not isinstance(argument, bool)


def _shape(argument: Any) -> Any:
    if _is_value(argument):
        return next(one for one in (str, datetime, int) if isinstance(argument, one))
    return len(argument) if isinstance(argument, list) else argument


def _marked(argument: Any, numbers: Iterator[int]) -> Any:
    if isinstance(argument, list):
        return [_marked(one, numbers) for one in argument]
    if not _is_value(argument):
        return argument
    if isinstance(argument, str):
        return _WORD.format(next(numbers))
    if isinstance(argument, datetime):
        return _FIRST_MOMENT + timedelta(seconds=next(numbers))
    return _FIRST_NUMBER + next(numbers)


def _flat(arguments: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for one in arguments:
        if isinstance(one, list):
            found += one
        elif _is_value(one):
            found.append(one)
    return found


def _stands_in(parameter: Any, marker: Any) -> bool:
    if isinstance(marker, str) and isinstance(parameter, str):
        return marker in parameter
    return type(marker) is not str and bool(parameter == marker)


def _put_into(parameter: Any, marker: Any) -> Callable[[Any], Any]:
    """How a value takes its place: as it is, or within a pattern of LIKE."""
    if isinstance(marker, str):
        if parameter == marker:
            return str
        return lambda value: str(parameter).replace(marker, _for_like(value))
    if isinstance(marker, datetime):
        return lambda value: value
    return cast(Callable[[Any], Any], type(parameter))


def _for_like(text: str) -> str:
    """As Django escapes it for `startswith`."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
