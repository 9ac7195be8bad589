"""A real Dovecot of one mailbox, for tests; `.ci/dovecot` sees to the program."""

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conversations.adapters.email.smtp_sink import free_port

# Root's processes go over to Dovecot's own users, anybody else's stay who they are.
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
passdb {{
  driver = static
  args = password=right
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    user = "support@kogane.example"

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "Dovecot is missing: see .ci/dovecot"
        self.process = subprocess.Popen([program, "-F", "-c", self.folder / "conf"])
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.signed_in().logout()
                return
            except (OSError, imaplib.IMAP4.abort):
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def signed_in(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(self.user, "right")
        return client

    def put(self, raw: bytes, folder: str = "INBOX", flags: str = "") -> None:
        client = self.signed_in()
        if folder != "INBOX":
            client.create(folder)
        answer, _data = client.append(folder, flags, None, raw)
        assert answer == "OK"
        client.logout()

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        client = self.signed_in()
        client.select(folder, readonly=True)
        _answer, rows = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [one for one in rows if isinstance(one, bytes)]

    def number_anew(self) -> None:
        """As after a restored backup: the same mails under another UIDVALIDITY."""
        self.stop()
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log"):
            (self.folder / "mail" / name).unlink(missing_ok=True)
        for path in (self.folder / "mail").glob("dovecot-uidvalidity*"):
            path.unlink()
        time.sleep(1.1)  # UIDVALIDITY counts seconds
        self.start()


def _users() -> dict[str, Any]:
    if os.getuid() == 0:  # which may neither serve nor own mail
        nobody = pwd.getpwnam("nobody")
        names = {"user": "dovecot", "group": "dovecot", "login": "dovenull"}
        return {**names, "uid": nobody.pw_uid, "gid": nobody.pw_gid, "chroot": ""}
    name, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    names = {"user": name, "group": group, "login": name}
    return {**names, "uid": os.getuid(), "gid": os.getgid(), "chroot": "chroot ="}


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="agentdesk-dovecot-"))
    folder.chmod(0o755)
    values = _users() | {"folder": folder, "port": free_port()}
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, values["uid"], values["gid"])
    (folder / "conf").write_text(CONFIG.format(**values))
    server = Dovecot(folder, values["port"])
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
