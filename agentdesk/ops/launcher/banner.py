"""The short block that says where the desk is and who may sign in."""

from agentdesk.ops.launcher import journal
from agentdesk.ops.launcher.prepared import Prepared


def show(address: str, prepared: Prepared, *, providers: str = "") -> None:
    """`providers` is where one writes as a customer of the demo's providers."""
    lines = [f"Agentdesk is at {address}/"]
    if prepared.is_demo:
        width = max(len(email) for _role, email, _password in prepared.sign_ins)
        # The roles last: Japanese letters would upset the columns.
        lines += [
            f"  {email:<{width}}  {password}  {role}"
            for role, email, password in prepared.sign_ins
        ]
        if providers:
            lines.append(f"Write as a customer (LINE, email, …) at {providers}/")
    elif link := prepared.setup_link:
        full = address + link if link.startswith("/") else link
        lines.append(f"Set it up with this link, once: {full}")
    lines.append("Ctrl-C stops it.")
    journal.show("")
    for line in lines:
        journal.show(line)
    journal.show("")
