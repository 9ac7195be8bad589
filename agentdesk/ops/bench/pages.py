"""What an agent waits for: opening a conversation, the list, finding a caller."""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import psycopg

from agentdesk.ops.bench.browser import Answer, Browser, UnexpectedAnswerError
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.place import Place, Scale

_WARM_UP = 5
_PAGES = 40
_SERVER = "in the server, middleware and rendering included (Server-Timing)"
_VIEWS = ("all", "unassigned", "mine")


def measure_pages(place: Place, scale: Scale, browser: Browser) -> list[Figure]:
    with place.connect() as database:
        return [
            _opening(scale, browser, database),
            _longest(browser, database),
            _list(browser, database),
            *_finding(scale, browser, database),
        ]


def _opening(
    scale: Scale, browser: Browser, database: "psycopg.Connection[Any]"
) -> Figure:
    rows = database.execute(
        "select id from conversations_conversation "
        "where id in (select (random() * (select max(id) from "
        "conversations_conversation))::bigint from generate_series(1, %s)) limit %s",
        [scale.opens * 3, scale.opens],
    ).fetchall()
    answers = _answers(browser, [f"/conversations/{pk}/workspace/" for (pk,) in rows])
    return _timed(
        "open a conversation",
        f"desk:workspace of conversations drawn at random, {_SERVER}",
        answers,
        target=15,
        most_queries=12,
        floor=_bare(database, _THREAD, rows),
    )


_THREAD = (
    "select * from conversations_message where conversation_id = %s "
    "order by occurred_at desc, id desc limit 50"
)


def _longest(browser: Browser, database: "psycopg.Connection[Any]") -> Figure:
    rows = database.execute(
        "select conversation_id from conversations_inquiry group by 1 "
        "order by count(*) desc limit 20"
    ).fetchall()
    answers = _answers(browser, [f"/conversations/{pk}/workspace/" for (pk,) in rows])
    return _timed(
        "open the longest threads",
        f"desk:workspace of the 20 conversations with the most inquiries, {_SERVER}",
        answers,
        target=18,
        most_queries=12,
        floor=_bare(database, _THREAD, rows),
    )


def _list(browser: Browser, database: "psycopg.Connection[Any]") -> Figure:
    paths = [
        f"/desk/inquiries/?view={view}" for _turn in range(_PAGES) for view in _VIEWS
    ]
    query = (
        "select * from conversations_inquiry where account_id = %s "
        "and status in ('new', 'active', 'pending') "
        "order by list_group, list_moment, id limit 30"
    )
    accounts = database.execute("select id from accounts_clientaccount").fetchall()
    return _timed(
        "inbox list",
        f"desk:inquiries, the views {', '.join(_VIEWS)} in turn, {_SERVER}",
        _answers(browser, paths),
        target=15,
        floor=_bare(database, query, accounts * 20),
    )


def _finding(
    scale: Scale, browser: Browser, database: "psycopg.Connection[Any]"
) -> list[Figure]:
    exact = _bare(
        database,
        "select customer_id from customers_identity where account_id = %s "
        "and kind = 'phone' and value = %s",
        database.execute(
            "select account_id, value from customers_identity where kind = 'phone' "
            "order by id limit 50"
        ).fetchall(),
    )
    figures = []
    for name, typed in _typed(scale, database).items():
        answers = _answers(browser, [_find_path(text) for text in typed])
        figures.append(
            _timed(
                f"find by {name}",
                f"the call box while typing, {_SERVER}",
                answers,
                target=6,
                floor=exact,
            )
        )
    return figures


def _find_path(text: str) -> str:
    return f"/calls/find/?q={quote(text)}"


def _typed(scale: Scale, database: "psycopg.Connection[Any]") -> dict[str, list[str]]:
    """What agents type, taken from customers drawn at random."""
    count = max(10, scale.opens // 5)
    rows = database.execute(
        "select c.family_name, c.given_name, c.family_kana, i.raw, o.number "
        "from customers_customer c "
        "join customers_identity i on i.customer_id = c.id and i.kind = 'phone' "
        "join customers_order o on o.customer_id = c.id "
        "where c.id in (select (random() * (select max(id) from customers_customer))"
        "::bigint from generate_series(1, %s)) limit %s",
        [count * 6, count],
    ).fetchall()
    return {
        "phone": [raw for *_names, raw, _order in rows],
        "the start of a phone": [raw[:8] for *_names, raw, _order in rows],
        "last digits": [raw[-4:] for *_names, raw, _order in rows],
        "family name": [family for family, *_rest in rows],
        "full name": [f"{family} {given}" for family, given, *_rest in rows],
        "kana": [kana[:3] for _family, _given, kana, *_rest in rows],
        "order number": [number for *_rest, number in rows],
    }


def _answers(browser: Browser, paths: Sequence[str]) -> list[Answer]:
    """Warmed up, then each path once. Raises UnexpectedAnswerError."""
    for path in paths[:_WARM_UP]:
        browser.get(path, is_fragment=True)
    answers = [browser.get(path, is_fragment=True) for path in paths]
    for path, answer in zip(paths, answers, strict=True):
        if answer.status != 200:
            raise UnexpectedAnswerError(f"{path} answers {answer.status}.")
    return answers


def _timed(
    name: str,
    how: str,
    answers: Sequence[Answer],
    *,
    target: float,
    floor: float,
    most_queries: int | None = None,
) -> Figure:
    return timed(
        name,
        how,
        [answer.server for answer in answers],
        cpu=[answer.cpu for answer in answers],
        queries=[answer.queries for answer in answers],
        target=target,
        floor=floor,
        most_queries=most_queries,
    )


def _bare(
    database: "psycopg.Connection[Any]", query: str, rows: Iterable[Sequence[Any]]
) -> float:
    """The median of the bare query alone: less no page can take."""

    def ask(row: Sequence[Any]) -> list[Any]:
        return database.execute(query, row).fetchall()

    return median(partial(ask, row) for row in rows)


def median(works: Iterable[Callable[[], object]]) -> float:
    values = []
    for work in works:
        began = time.perf_counter()
        work()
        values.append((time.perf_counter() - began) * 1000)
    return sorted(values)[len(values) // 2] if values else 0.0
