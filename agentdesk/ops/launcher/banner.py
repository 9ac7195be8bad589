"""The short block that says where the desk is and who may sign in."""

from django.db import connections

from agentdesk.accounts.setup import setup_link
from agentdesk.ops import demo
from agentdesk.ops.launcher import journal


def show(address: str, *, is_demo: bool, providers: str = "") -> None:
    """`providers` is where one writes as a customer of the demo's providers."""
    lines = [f"Agentdesk is at {address}/"]
    if is_demo:
        sign_ins = demo.sign_ins()
        width = max(len(email) for _role, email, _password in sign_ins)
        # The roles last: Japanese letters would upset the columns.
        lines += [
            f"  {email:<{width}}  {password}  {role}"
            for role, email, password in sign_ins
        ]
        if providers:
            lines.append(f"Write as a customer (LINE, email, …) at {providers}/")
    elif link := _setup_link():
        full = address + link if link.startswith("/") else link
        lines.append(f"Set it up with this link, once: {full}")
    lines.append("Ctrl-C stops it.")
    journal.show("")
    for line in lines:
        journal.show(line)
    journal.show("")


def _setup_link() -> str | None:
    try:
        return setup_link()
    finally:
        connections.close_all()
