"""Signals to many sockets: all on one topic, and each on a topic of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

import psutil
from django.conf import settings

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.figures import Figure
from agentdesk.ops.bench.listeners import Listeners
from agentdesk.ops.bench.place import Place, Scale

_MOST_SECONDS = 5.0  # of publishing
_LONGEST = 10.0  # seconds until all must have come
_ONE_TOPIC_RATE = 200
_RATE_A_TOPIC = 20
_MOST_A_SECOND = 40_000
_MOST_KIB = 30.0


def measure_fanout(place: Place, scale: Scale, agent: Browser) -> list[Figure]:
    sockets, seconds = scale.sockets, min(float(scale.seconds), _MOST_SECONDS)
    account, conversations = _topics(place, sockets)
    apart = [[conversations[n % len(conversations)]] for n in range(sockets)]
    together = [[account]] * sockets
    before = _used()
    listeners = Listeners(agent, sockets)
    listeners.watch(apart)
    memory = _memory(before, sockets)
    many_topics = _measured(
        place,
        listeners,
        f"signals to {sockets:,} sockets on topics of their own",
        apart,
        _RATE_A_TOPIC * sockets,
        seconds,
        None,
    )
    listeners.watch(together)
    one_topic = _measured(
        place,
        listeners,
        f"signals to {sockets:,} sockets on one topic",
        together,
        _ONE_TOPIC_RATE,
        seconds,
        float(_MOST_A_SECOND),
    )
    listeners.close()
    return [one_topic, many_topics, memory]


def _topics(place: Place, sockets: int) -> tuple[str, list[str]]:
    with place.connect() as database:
        rows = database.execute(
            "select v.id, v.account_id from conversations_conversation v "
            "join accounts_clientaccount a on a.id = v.account_id "
            "where a.slug = 'kogane' order by v.id desc limit %s",
            [sockets],
        ).fetchall()
    return f"account:{rows[0][1]}", [f"conversation:{pk}" for pk, _account in rows]


def _measured(
    place: Place,
    listeners: Listeners,
    name: str,
    topics: Sequence[Sequence[str]],
    rate: int,
    duration: float,
    target: float | None,
) -> Figure:
    """Delivered a second, while that many are published for so many seconds."""
    listeners.count(1.0)
    names = sorted({name for several in topics for name in several})
    each = len(topics) / len(names)
    before = _used()
    publishing = _publishing(place, names, rate, duration)
    first, _started = listeners.count(30.0, enough=1)
    found, seconds = listeners.count(_LONGEST, int(rate * duration * each) - first)
    assert publishing.stdout is not None
    published = int(publishing.stdout.read() or 0)
    publishing.wait(60)
    found += first
    spent = _used()[0] - before[0]
    how = (
        f"from outside, {published} published in {duration:.0f} s, {found} came in "
        f"{seconds:.1f} s; the processor time is ms of all web processes per thousand"
    )
    rate_found = found / max(seconds, 0.001)
    return Figure(
        name,
        how,
        rate_found,
        rate_found,
        found,
        cpu=spent * 1_000_000 / found if found else None,
        target=target,
        unit="/s",
        is_rate=True,
    )


def _publishing(
    place: Place, topics: Sequence[str], rate: int, duration: float
) -> "subprocess.Popen[str]":
    process = subprocess.Popen(  # noqa: S603  # our own module
        [
            sys.executable,
            "-m",
            "agentdesk.ops.bench.publishing",
            str(rate),
            str(duration),
        ],
        cwd=settings.BASE_DIR,
        env=place.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what is too much is dropped and logged
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write("\n".join(topics))
    process.stdin.close()
    return process


def _memory(before: tuple[float, float], sockets: int) -> Figure:
    used = (_used()[1] - before[1]) / 1024 / sockets
    return Figure(
        "memory a socket",
        f"{sockets:,} open sockets, unique set of all web processes beside it without any",
        used,
        used,
        sockets,
        target=_MOST_KIB,
        unit="KiB",
    )


def _used() -> tuple[float, float]:
    """Processor seconds and unique bytes of the web processes of this bench."""
    seconds = size = 0.0
    for one in psutil.Process(os.getpid()).children(recursive=True):
        with suppress(psutil.Error):  # one that has just ended
            if "daphne" in one.cmdline():
                spent = one.cpu_times()
                seconds += spent.user + spent.system
                size += one.memory_full_info().uss
    return seconds, size
