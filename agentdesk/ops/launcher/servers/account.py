"""Who PostgreSQL runs as: ourselves, or `nobody` where we are root, which it refuses."""

import os
import pwd
import stat
from pathlib import Path
from typing import NamedTuple


class Account(NamedTuple):
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """`nobody` where we are root, else None: no change of user is needed."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def can_enter(folder: Path, account: Account | None) -> bool:
    """Whether `account` may go through `folder` and every folder above it."""
    if account is None:
        return True
    return all(_may_pass(step.stat(), account) for step in _steps(folder))


def _steps(folder: Path) -> list[Path]:
    path = folder.resolve()
    return [step for step in (path, *path.parents) if step.exists()]


def _may_pass(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` private to the one who runs the server."""
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
