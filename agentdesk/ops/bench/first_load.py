"""What the desk loads when it is opened for the first time, and over a slow line."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser as Chromium

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.place import Place

_LOADS = 7
_LATENCY = 40  # ms, each way together
_SETTLED = 3_500  # ms: what the page asks by itself after it stands
_TIMES = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass
class _Load:
    requests: int = 0
    bytes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    html: int = 0
    ready: float = 0.0

    def requested(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.requests += 1
            self.kinds[event["requestId"]] = event.get("type", "")

    def finished(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"], "")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])


def measure_first_load(browser: Chromium, place: Place, agent: Browser) -> list[Figure]:
    path = f"http://127.0.0.1:{place.port}/desk/"
    plain = _load(browser, agent, path, 0)
    slow = [_load(browser, agent, path, _LATENCY) for _ in range(_LOADS)]
    code = plain.bytes.get("Script", 0) + plain.bytes.get("Stylesheet", 0)
    how = "in Chromium, an empty cache"
    return [
        _amount("first load: requests", how, plain.requests, 12, ""),
        _amount("first load: JS + CSS", f"{how}, packed", code / 1024, 120, "KiB"),
        _amount("first load: HTML", f"{how}, unpacked", plain.html / 1000, 90, "KB"),
        timed(
            "first load → DOMContentLoaded",
            f"{how}, {_LATENCY} ms of latency",
            [one.ready for one in slow],
            target=400,
        ),
    ]


def _amount(name: str, how: str, value: float, target: float, unit: str) -> Figure:
    return Figure(name, how, value, value, 1, target=target, unit=unit)


def _load(browser: Chromium, agent: Browser, path: str, latency: int) -> _Load:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="ja-JP"
    )
    context.add_cookies(
        [{"name": n, "value": v, "url": path} for n, v in agent.cookies.items()]
    )
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    load = _Load()
    cdp.on("Network.requestWillBeSent", load.requested)
    cdp.on("Network.loadingFinished", load.finished)
    cdp.send("Network.enable")
    cdp.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )
    answer = page.goto(path, wait_until="load")
    load.html = len(answer.body()) if answer else 0
    load.ready = float(page.evaluate(_TIMES))
    if not latency:
        page.wait_for_timeout(_SETTLED)
    context.close()
    return load
