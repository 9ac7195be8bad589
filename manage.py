#!/usr/bin/env python
"""Django's command line for Agentdesk."""

import os
import sys

# First, and in words that an old Python can still read.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Agentdesk needs Python 3.11 or newer: this is " + sys.version.split()[0])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")
    if sys.argv[1:2] == ["up"]:
        # It looks after the others for months: Django is for them to load.
        from agentdesk.ops.launcher import up

        sys.exit(up.main(sys.argv[2:]))
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed here: use `make run`, or .venv/bin/python.")

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # Loading takes seconds, and whoever stops it then wants no traceback.
        sys.exit(130)
