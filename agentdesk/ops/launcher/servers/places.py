"""Where PostgreSQL's folder is when its user cannot come into `var`."""

import hashlib
import os
import shutil
from pathlib import Path

from agentdesk.ops.launcher.servers.account import Account, can_enter
from agentdesk.ops.launcher.servers.errors import StartError

ELSEWHERE = [Path("/var/lib/agentdesk"), Path("/var/tmp/agentdesk")]  # noqa: S108 (owned by root, made with a fixed owner check)


def postgres_home(var: Path, account: Account | None) -> Path:
    """The real folder of PostgreSQL, which `var/pg` is or leads to.

    Root's checkout often lies below a folder that is closed to `nobody`; then the
    data stand elsewhere, and `var/pg` is a link to them.
    """
    entry = var / "pg"
    if entry.is_symlink():
        home = entry.resolve()
        home.mkdir(parents=True, exist_ok=True)
        return home
    if account is not None:
        var.chmod(var.stat().st_mode | 0o011)
    if can_enter(var, account):
        entry.mkdir(exist_ok=True)
        return entry.resolve()
    home = _elsewhere(var) / "pg"
    if entry.is_dir():
        shutil.move(entry, home)
    home.mkdir(exist_ok=True)
    entry.symlink_to(home)
    return home


def _elsewhere(var: Path) -> Path:
    name = hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:12]
    for place in ELSEWHERE:
        try:
            (place / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if place.stat().st_uid == os.geteuid():
            place.chmod(0o755)
            (place / name).chmod(0o755)
            return place / name
    raise StartError(
        f"PostgreSQL does not run as root, and its user cannot come into {var}: "
        "put the project under a folder that is open to all, or set DATABASE_URL."
    )
