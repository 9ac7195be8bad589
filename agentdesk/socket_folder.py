"""Where the Unix sockets of the private servers are."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

# What the shortest systems allow for the path of a Unix socket, its name included.
SOCKET_PATH_BYTES = 100


def socket_folder(var: Path) -> Path:
    """`var`, or a short stand-in where its path is too long for a Unix socket.

    The stand-in is made once in the temporary folder; a link in `var` leads every
    other command to it.
    """
    if len(os.fsencode(var / "pg" / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return var
    link = var / "sockets"
    if not link.is_dir():
        var.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        short = tempfile.mkdtemp(prefix="agentdesk-")
        Path(short).chmod(0o711)
        with suppress(FileExistsError):
            link.symlink_to(short)
    return link.readlink()
