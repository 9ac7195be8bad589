"""A client with cookies and one kept connection, that reads what a request cost."""

import json
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

_APP = re.compile(r"app;dur=([\d.]+)")
_CPU = re.compile(r"cpu;dur=([\d.]+)")
_QUERIES = re.compile(r'db;dur=[\d.]+;desc="(\d+)"')
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TIMEOUT = 30  # seconds


class UnexpectedAnswerError(Exception):
    """The product did not do what is measured: the figure would say nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    wall: float  # ms, as the client sees it
    server: float  # ms within the server, rendering included
    cpu: float  # ms computed by the thread that answered
    queries: int

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Browser:
    """Requests one after the other; not shared between threads."""

    def __init__(self, port: int, *, address: str = "") -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.headers = {"X-Forwarded-For": address} if address else {}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)

    def get(self, path: str, *, is_fragment: bool = False) -> Answer:
        headers = {"HX-Request": "true"} if is_fragment else {}
        return self.send("GET", path, headers=headers)

    def post_json(
        self, path: str, fields: dict[str, Any], *, token: str = ""
    ) -> Answer:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Visitor {token}"
        return self.send("POST", path, json.dumps(fields), headers)

    def send(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        content = body.encode() if body is not None else None
        began = time.perf_counter()
        try:
            self._connection.request(method, path, content, sent)
            response = self._connection.getresponse()
        except (HTTPException, ConnectionError):
            # The server closes connections that rest; a new one is made once.
            self._connection.close()
            self._connection.request(method, path, content, sent)
            response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        wall = (time.perf_counter() - began) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        timing = response.headers.get("Server-Timing", "")
        server, cpu = _APP.search(timing), _CPU.search(timing)
        queries = _QUERIES.search(timing)
        return Answer(
            response.status,
            text,
            wall,
            float(server[1]) if server else wall,
            float(cpu[1]) if cpu else 0.0,
            int(queries[1]) if queries else 0,
        )

    def sign_in(self, email: str, password: str) -> None:
        """By the product's own form."""
        form = self.get("/accounts/login/")
        token = _CSRF.search(form.body)
        if form.status != 200 or token is None:
            raise UnexpectedAnswerError(f"The sign-in page answers {form.status}.")
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        answer = self.send(
            "POST",
            "/accounts/login/",
            urlencode(fields),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        if answer.status != 302 or not self.cookie("session"):
            raise UnexpectedAnswerError(f"Signing in answers {answer.status}.")

    def cookie(self, kind: str) -> str:
        """Of the product's own: its name ends with the port."""
        prefix = f"agentdesk_{kind}"
        found = (v for name, v in self.cookies.items() if name.startswith(prefix))
        return next(found, "")

    def close(self) -> None:
        self._connection.close()
