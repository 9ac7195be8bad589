"""Other browsers by the W3C's own protocols: Firefox by BiDi, WebKitGTK by WebDriver.

Both get real key presses and clicks; what stands on a page is looked up by script.
"""

import base64
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from contextlib import ExitStack
from glob import glob
from pathlib import Path
from typing import Any, Protocol

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.browser.providers import free_port
from tests.waiting import until

START_SECONDS = 60
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Backspace": "\ue003"}
# `find("agentdesk-chat >>> .launcher")` looks into the shadow of what stands before it.
FIND = """
const find = path => path.split(">>>").reduce(
  (root, selector) => (root?.shadowRoot ?? root)?.querySelector(selector.trim()), document);
"""
CENTRE = """
const element = find(%s);
element.scrollIntoView({block: "center", inline: "nearest"});
const box = element.getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height / 2];
"""
SHOWN = """
const element = find(%s);
return Boolean(element && element.getClientRects().length);
"""


class Driver(Protocol):
    def goto(self, address: str) -> None: ...
    def run(self, script: str) -> Any: ...
    def act(self, actions: list[dict[str, Any]]) -> None: ...
    def set_cookie(self, name: str, value: str) -> None: ...
    def screenshot(self) -> bytes: ...
    def close(self) -> None: ...


class Tab:
    """What a test does in a browser, whichever drives it."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def goto(self, address: str) -> None:
        self.driver.goto(address)

    def run(self, script: str) -> Any:
        """What a function of this body returns; `find` is there for it."""
        return self.driver.run(f"{FIND}{script}")

    def wait(self, expression: str) -> Any:
        """What the expression says once it is true."""
        return until(
            lambda: self.run(f"return {expression}"),
            seconds=30,
            why=lambda: f"{expression} is {self.run(f'return String({expression})')}",
        )

    def see(self, path: str, seconds: float = 30) -> None:
        shown = SHOWN % json.dumps(path)
        until(lambda: self.run(shown), seconds=seconds, why=lambda: path)

    def text(self, path: str) -> str:
        return str(self.run(f"return find({json.dumps(path)})?.innerText ?? ''"))

    def read(self, path: str, words: str) -> None:
        """Wait until the words stand there."""
        until(
            lambda: words in self.text(path),
            seconds=30,
            why=lambda: f"{words} is not in: {self.text(path)}",
        )

    def click(self, path: str) -> None:
        self.see(path)
        x, y = self.run(CENTRE % json.dumps(path))
        at = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}
        press = [
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.driver.act([{"type": "pointer", "id": "mouse", "actions": [at, *press]}])

    def type(self, text: str) -> None:
        strokes = [
            {"type": kind, "value": letter}
            for letter in text
            for kind in ("keyDown", "keyUp")
        ]
        self.driver.act([{"type": "key", "id": "keyboard", "actions": strokes}])

    def press(self, key: str) -> None:
        self.type(KEYS[key])

    def screenshot(self, path: Path) -> None:
        path.write_bytes(self.driver.screenshot())


class Firefox:
    """WebDriver BiDi, which Firefox speaks by itself: no geckodriver is needed."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "There is no Firefox: run .ci/browsers"
        preferences = {
            "intl.accept_languages": "ja",
            "datareporting.policy.dataSubmissionEnabled": False,
            "app.update.enabled": False,
        }
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in preferences.items()
        ]
        (folder / "user.js").write_text("\n".join(lines))
        port = free_port()
        command = [program, "--headless", "--no-remote", "--profile", str(folder)]
        with ExitStack() as stack:
            log = stack.enter_context((folder / "log").open("wb"))
            self._process = subprocess.Popen(
                [*command, f"--remote-debugging-port={port}", "about:blank"],
                stdout=log,
                stderr=log,
                env=os.environ | {"HOME": str(folder), "LANG": "ja_JP.UTF-8"},
            )
        self._stack = ExitStack()
        opening = until(lambda: _opening(port), seconds=START_SECONDS)
        self._line = self._stack.enter_context(opening)
        self._number = 0
        self._call("session.new", {"capabilities": {}})
        # The first window has no screen to become the active one on, this one is it.
        made = self._call("browsingContext.create", {"type": "window"})
        self._context = made["context"]
        size = {"width": 1366, "height": 768}
        self._call(
            "browsingContext.setViewport", {"context": self._context, "viewport": size}
        )

    def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        frame = {"id": self._number, "method": method, "params": params}
        self._line.send(json.dumps(frame))
        while True:
            answer = json.loads(self._line.recv(timeout=START_SECONDS))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return dict(answer["result"])

    def goto(self, address: str) -> None:
        where = {"context": self._context, "url": address, "wait": "complete"}
        self._call("browsingContext.navigate", where)

    def run(self, script: str) -> Any:
        result = self._call(
            "script.callFunction",
            {
                "functionDeclaration": (
                    f"async () => JSON.stringify(await (async () => {{{script}}})()"
                    " ?? null)"
                ),
                "awaitPromise": True,
                "target": {"context": self._context},
            },
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])

    def act(self, actions: list[dict[str, Any]]) -> None:
        doing = {"context": self._context, "actions": actions}
        self._call("input.performActions", doing)

    def set_cookie(self, name: str, value: str) -> None:
        text = {"type": "string", "value": value}
        cookie = {"name": name, "value": text, "domain": "127.0.0.1", "path": "/"}
        self._call("storage.setCookie", {"cookie": cookie})

    def screenshot(self) -> bytes:
        shot = self._call(
            "browsingContext.captureScreenshot", {"context": self._context}
        )
        return base64.b64decode(shot["data"])

    def close(self) -> None:
        self._stack.close()
        _end(self._process)


def _opening(port: int) -> Any:
    try:
        return connect(f"ws://127.0.0.1:{port}/session", max_size=None)
    except (OSError, WebSocketException):
        return None


class WebKit:
    """WebDriver to WebKitGTK's MiniBrowser, which wants a screen: Xvfb is one."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("WebKitWebDriver")
        screen = shutil.which("Xvfb")
        browsers = sorted(glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser"))
        if not (program and screen and browsers):
            raise AssertionError("WebKitGTK is missing: run .ci/browsers")
        port = free_port()
        reading, writing = os.pipe()
        self._screen = subprocess.Popen(
            [screen, "-displayfd", str(writing), "-screen", "0", "1500x1000x24"],
            stderr=subprocess.DEVNULL,
            pass_fds=[writing],
        )
        os.close(writing)
        with os.fdopen(reading) as answer:
            display = answer.readline().strip()
        surroundings = {
            "DISPLAY": f":{display}",
            "HOME": str(folder),
            "LANG": "ja_JP.UTF-8",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, f"--port={port}"],
                stdout=log,
                stderr=log,
                env=os.environ | surroundings,
            )
        self._base = f"http://127.0.0.1:{port}"
        until(self._is_up, seconds=START_SECONDS)
        options = {"binary": browsers[-1], "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._call("POST", "/session", {"capabilities": wanted})
        self._base += f"/session/{session['sessionId']}"
        size = {"x": 0, "y": 0, "width": 1366, "height": 900}
        self._call("POST", "/window/rect", size)

    def _is_up(self) -> bool:
        try:
            return bool(self._call("GET", "/status")["ready"])
        except OSError:
            return False

    def _call(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  # loopback
            self._base + path,
            json.dumps(data).encode() if data is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def goto(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    def run(self, script: str) -> Any:
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def act(self, actions: list[dict[str, Any]]) -> None:
        self._call("POST", "/actions", {"actions": actions})

    def set_cookie(self, name: str, value: str) -> None:
        cookie = {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}
        self._call("POST", "/cookie", {"cookie": cookie})

    def screenshot(self) -> bytes:
        return base64.b64decode(self._call("GET", "/screenshot"))

    def close(self) -> None:
        self._call("DELETE", "")
        _end(self._process)
        _end(self._screen)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(20)


BROWSERS: dict[str, type[Firefox] | type[WebKit]] = {
    "firefox": Firefox,
    "webkit": WebKit,
}
