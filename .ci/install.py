"""Installs one file of requirements into this .venv, and says how far it is.

usage: .venv/bin/python .ci/install.py requirements.txt

It takes a minute, which pip alone fills with silence or with hundreds of lines.
"""

import importlib.util
import subprocess
import sys

EVERY = 10


def run(*words: str, **options: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 (pip, with words of ours)
        [sys.executable, "-u", "-m", *words], text=True, **options
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(requirements: str) -> int:
    # Missing where the making of .venv was cut off.
    if importlib.util.find_spec("pip") is None:
        run("ensurepip", stdout=subprocess.DEVNULL).wait()
    pip = run(
        *("pip", "install", "--disable-pip-version-check", "--progress-bar=off"),
        # What is never imported needs no bytecode: half the time.
        *("--no-compile", "--require-hashes", "-r", requirements),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    fetched = 0
    failing = False
    for line in pip.stdout or ():
        failing = failing or line.startswith("ERROR")
        if failing:
            say(line.rstrip())
        elif line.startswith("Collecting "):
            fetched += 1
            if fetched % EVERY == 0:
                say(f"  {fetched} packages fetched")
        elif line.startswith("Installing collected packages"):
            say(f"  unpacking all {fetched} …")
    return pip.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
