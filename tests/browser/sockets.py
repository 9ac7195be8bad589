"""Pages whose socket is heard: its frames are collected from the first one on.

Waiting for a frame only once the socket is known misses one that came with it.
"""

from collections.abc import Callable

from playwright.sync_api import Page, WebSocket


def socket_of(page: Page, act: Callable[[], object], first: str = "") -> WebSocket:
    """The socket that `act` opens, once it has received a frame with `first` in it."""
    frames: list[str] = []

    def collect(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", collect)
    with page.expect_websocket() as opening:
        act()
    if not any(first in frame for frame in frames):
        opening.value.wait_for_event("framereceived", lambda frame: first in str(frame))
    page.remove_listener("websocket", collect)
    return opening.value


def connected(page: Page, address: str, first: str = "") -> Page:
    """Open the page and wait until its socket is heard."""
    socket_of(page, lambda: page.goto(address), first)
    return page
