"""What an agent waits for in a real browser, and what it costs both sides."""

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page, sync_playwright

from agentdesk.ops.bench.browser import Browser, UnexpectedAnswerError
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.first_load import measure_first_load
from agentdesk.ops.bench.place import Place, Scale
from agentdesk.ops.bench.visitors import Crowd

_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
]
_PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
_PATIENCE = 20_000  # ms
_HOVER = 150  # ms that a hand rests on what it is about to press
_DWELL = 700  # ms in which what is read beforehand arrives, and a second opening waits
_ARRIVING = 50
_KEY_EVERY = 90  # ms
_VISITORS = 12
_SENDS = 10
Cookies = list[dict[str, str]]


def measure_screen(
    place: Place, scale: Scale, agent: Browser, chromium: str
) -> list[Figure]:
    """Raises UnexpectedAnswerError where the desk does not open."""
    crowd = Crowd(place.port, _webchat_key(place))
    crowd.gather(_VISITORS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        try:
            return [
                *measure_first_load(browser, place, agent),
                *_openings(browser, place, scale, agent),
                *_writing(browser, place, agent, crowd),
            ]
        finally:
            browser.close()


def _webchat_key(place: Place) -> str:
    with place.connect() as database:
        row = database.execute(
            "select i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'webchat'"
        ).fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def _desk(browser: Chromium, agent: Browser, path: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{agent.port}",
        viewport={"width": 1366, "height": 768},
        locale="ja-JP",
    )
    context.set_default_timeout(_PATIENCE)
    url = f"http://127.0.0.1:{agent.port}/"
    context.add_cookies(
        [{"name": n, "value": v, "url": url} for n, v in agent.cookies.items()]
    )
    page = context.new_page()
    try:
        answer = page.goto(path, wait_until="load")
        if answer is None or answer.status != 200:
            raise UnexpectedAnswerError(f"{path} does not open in the browser.")
        page.wait_for_timeout(3 * _DWELL)
        page.evaluate(_PROBE)
        yield page
    finally:
        context.close()


class _Cost:
    """What openings ask and compute, in the web processes and in the page."""

    def __init__(self, page: Page, place: Place) -> None:
        self._page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        # What the thread computed: a machine that others use as well lengthens nothing.
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._web = [
            process
            for pid in place.web
            for process in [
                psutil.Process(pid),
                *psutil.Process(pid).children(recursive=True),
            ]
        ]
        self.requests = 0
        self.beforehand = 0
        page.on("request", self._count)

    def _count(self, request: Any) -> None:
        if "x-beforehand" in request.headers:
            self.beforehand += 1
        elif request.url.startswith("http") and request.method == "GET":
            self.requests += 1  # that an unread one was read is reported by a post

    def main_thread(self) -> float:
        """Milliseconds since the page began."""
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        spent = next(m["value"] for m in metrics if m["name"] == "TaskDuration")
        return float(spent) * 1000

    def server(self) -> float:
        spent = [process.cpu_times() for process in self._web]
        return float(sum(one.user + one.system for one in spent)) * 1000


def _openings(
    browser: Chromium, place: Place, scale: Scale, agent: Browser
) -> list[Figure]:
    figures: list[Figure] = []
    first = _first_conversation(place)
    with _desk(browser, agent, f"/conversations/{first}/") as page:
        cost = _Cost(page, place)
        began = (cost.server(), cost.main_thread())
        hovered = _each(page, scale.openings, lambda row: _click(page, row, _HOVER))
        jumped = _each(page, scale.openings, lambda _row: page.keyboard.press("j"))
        opened = len(hovered) + len(jumped)
        requests, beforehand = cost.requests / opened, cost.beforehand / opened
        spent = (cost.server() - began[0], cost.main_thread() - began[1])
        at_once = _each(page, scale.openings, lambda row: _click(page, row, 0))
    how = "in Chromium, from the key or button to the frame with the conversation"
    figures += [
        timed("click → painted", f"{how}; hovered for 150 ms", hovered, target=100),
        timed("J → painted", f"{how}; after a moment's reading", jumped, target=100),
        timed("click at once → painted", f"{how}; nothing read beforehand", at_once),
        _amount("requests per opening", requests, opened, target=1),
        _amount("read beforehand per opening", beforehand, opened),
        _amount("server CPU per opening", spent[0] / opened, opened, unit="ms"),
        _amount("main thread per opening", spent[1] / opened, opened, unit="ms"),
    ]
    return figures


def _amount(
    name: str, value: float, count: int, *, target: float | None = None, unit: str = ""
) -> Figure:
    how = "in Chromium, the mean of all openings, what is read beforehand included"
    return Figure(name, how, value, value, count, target=target, unit=unit)


def _first_conversation(place: Place) -> int:
    with place.connect() as database:
        row = database.execute(
            "select conversation_id from conversations_inquiry "
            "where status in ('new', 'active', 'pending') "
            "order by list_group, list_moment, id limit 1"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _each(page: Page, count: int, act: Callable[[int], None]) -> list[float]:
    """Rows down the list in turn, from the top again before it ends."""
    page.evaluate("window.bench.painted = []")
    span = page.locator("#list .entry").count() - 2
    for number in range(count):
        if number % span == 0:
            _click(page, 0, _HOVER)
            page.wait_for_timeout(2 * _DWELL)
            page.evaluate("n => (window.bench.painted.length = n)", number)
        act(1 + number % span)
        page.wait_for_function("n => window.bench.painted.length >= n", arg=number + 1)
        page.wait_for_timeout(_DWELL)
    return [float(value) for value in page.evaluate("window.bench.painted")]


def _click(page: Page, row: int, rest: int) -> None:
    entry = page.locator("#list .entry").nth(row)
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.wait_for_timeout(rest)
    page.mouse.down()
    page.mouse.up()


def _writing(
    browser: Chromium, place: Place, agent: Browser, crowd: Crowd
) -> list[Figure]:
    with place.connect() as database:
        row = database.execute(
            "select id from conversations_conversation order by id desc limit 1"
        ).fetchone()
    assert row is not None
    with _desk(browser, agent, f"/conversations/{row[0]}/") as page:
        field = page.locator("#composer-reply")
        for number in range(_SENDS):
            field.fill(f"承知しました。確認いたします。{number}")
            field.press("Control+Enter")
            wanted = "n => window.bench.bubbles.length >= n"
            page.wait_for_function(wanted, arg=number + 1)
            page.wait_for_timeout(_DWELL)
        bubbles = page.evaluate("window.bench.bubbles")[:_SENDS]
        page.evaluate("window.bench.typed = []; window.bench.frames = []")
        _type_under_a_burst(page, crowd)
        typed = page.evaluate("window.bench.typed")
        frames = page.evaluate("window.bench.frames")
    how = f"in Chromium, while {_ARRIVING} messages arrive"
    name = f"typing while {_ARRIVING} messages arrive"
    return [
        timed("send → bubble", "in Chromium, Ctrl+Enter to the frame", bubbles),
        timed(name, f"{how}, the main thread's part", typed, target=16),
        timed("keydown → next frame", f"{how}, the wait for the frame too", frames),
    ]


def _type_under_a_burst(page: Page, crowd: Crowd) -> None:
    field = page.locator("#composer-reply")
    field.focus()

    def arrive() -> None:
        for number in range(_ARRIVING):
            crowd.say(crowd.visitors[-1 - number % 4], uuid.uuid4())
            time.sleep(0.08)

    with ThreadPoolExecutor(1) as outside:
        arriving = outside.submit(arrive)
        while not arriving.done():
            field.press("a")
            page.wait_for_timeout(_KEY_EVERY)
        arriving.result()
