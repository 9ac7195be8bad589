"""What is looked at before anything starts; each refusal is one sentence."""

import errno
import fcntl
import ipaddress
import os
import shutil
import socket
from pathlib import Path
from typing import IO

from agentdesk.ops.launcher.servers.errors import StartError

NEEDED_BYTES = 300 * 1024 * 1024


def sentence(error: OSError, var: Path) -> str:
    """What an error of the operating system means here."""
    where = error.filename or var
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: make room for {var}, then start again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{where} cannot be written to: change its rights, or set AGENTDESK_VAR."
    return f"{where}: {error.strerror or error}."


def claim(var: Path) -> IO[str]:
    """Be the only `up` on this folder for as long as the returned file is open."""
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "up.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StartError(
            f"Agentdesk already runs on {var} (process {holder})."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def check_space(var: Path) -> None:
    free = shutil.disk_usage(var).free
    if free < NEEDED_BYTES:
        raise StartError(
            f"The disk is full: {free // 1024**2} MB are free for {var}, "
            f"Agentdesk needs {NEEDED_BYTES // 1024**2} MB."
        )


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens there: who connects before web runs waits, nobody is refused."""
    try:
        family, kind, *_rest, place = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        raise StartError(_why_not(error, address, port)) from None
    listening.setblocking(False)
    return listening


def _why_not(error: Exception, address: str, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program: stop that, or choose another "
            "port with --port (make run: PORT=8001)."
        )
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user: choose one above 1023."
    return f"It is not possible to listen on {address} port {port}: {error}."
