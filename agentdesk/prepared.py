"""Queries that are asked again and again, put together once.

Django builds the SQL of a query set anew each time, which costs several times what
PostgreSQL takes for the answer. A prepared query is written as any other and returns the
same rows; only the values of its arguments change from one call to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

P = ParamSpec("P")
Row = TypeVar("Row")

# Numbers and words that stand for an argument while the SQL is put together.
_FIRST_NUMBER = 8_000_000_000_000_000_000
_WORD = "\ue000argument{}\ue001"
_MOST_SHAPES = 256


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """For a function that puts a query set together from its arguments alone.

    An argument is an integer, a text, or a list of either (for `__in`). Any other (True,
    None, a frozen dataclass) decides how the query looks: there is one for each. Nothing
    else may flow in, the time least of all: it would stay as it was at the first call.
    No prefetching.
    """
    shapes: dict[tuple[Any, ...], _Statement] = {}

    @wraps(build)
    def rows(*arguments: P.args, **named: P.kwargs) -> list[Row]:
        assert not named
        shape = tuple(_shape(one) for one in arguments)
        statement = shapes.get(shape)
        if statement is None:
            if len(shapes) >= _MOST_SHAPES:
                shapes.clear()
            statement = shapes[shape] = _Statement(build, arguments)
        return cast(list[Row], statement.rows(_flat(arguments)))

    return rows


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
            self._sql, parameters = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, parameters = "", ()
        self._parameters = list(parameters)
        self._places = [
            (place, number, _put_into(parameter, marker))
            for place, parameter in enumerate(self._parameters)
            for number, marker in enumerate(_flat(markers))
            if _stands_in(parameter, marker)
        ]
        found = {number for _place, number, _put in self._places}
        assert not self._sql or len(found) == len(_flat(markers)), "an argument is lost"

    def rows(self, values: Sequence[Any]) -> list[Any]:
        if not self._sql:
            return []
        parameters = list(self._parameters)
        for place, number, put in self._places:
            parameters[place] = put(values[number])
        compiler, query = _twin(self._compiler), _twin(self._queryset.query)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # this thread's
        compiler.as_sql = lambda *_a, **_k: (self._sql, tuple(parameters))
        query.get_compiler = lambda *_a, **_k: compiler
        queryset = _twin(self._queryset)
        queryset.query = query
        found: Iterable[Any] = queryset._iterable_class(queryset)
        return list(found)


def _twin(thing: Any) -> Any:
    """A shallow copy. `copy.copy` of a query set would run it, as pickling does."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def _is_value(argument: Any) -> bool:
    return isinstance(argument, int | str) and not isinstance(argument, bool)


def _shape(argument: Any) -> Any:
    if _is_value(argument):
        return "a text" if isinstance(argument, str) else "a number"
    return len(argument) if isinstance(argument, list) else argument


def _marked(argument: Any, numbers: Iterator[int]) -> Any:
    if isinstance(argument, list):
        return [_marked(one, numbers) for one in argument]
    if not _is_value(argument):
        return argument
    if isinstance(argument, str):
        return _WORD.format(next(numbers))
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
    return cast(Callable[[Any], Any], type(parameter))


def _for_like(text: str) -> str:
    """As Django escapes it for `startswith`."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
