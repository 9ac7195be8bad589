"""The product's settings on the servers of one test run.

`tests/servers.py` starts those servers. Every xdist worker has a database (by
pytest-django) and a Valkey database with a key prefix of its own. A subprocess of
a test finds the same ones, for it inherits the environment.
"""

import os
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ.setdefault(
    "AGENTDESK_VAR", str(Path(tempfile.gettempdir()) / f"agentdesk-tests-{os.getpid()}")
)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("CREDENTIAL_KEY", "only-for-tests-" + "y" * 40)

from agentdesk import database  # noqa: E402
from agentdesk.settings import *  # noqa: E402, F403
from agentdesk.settings import (  # noqa: E402
    CACHES,
    DATABASES,
    LOGGING,
    REDIS_URL,
    STORAGES,
    VAR_DIR,
)

# Database 0 is for a run without workers; more than 63 workers would share.
REDIS_URL = database.numbered(
    REDIS_URL, (int(WORKER.removeprefix("gw")) + 1) % 64 if WORKER else 0
)
PREFIX = f"test-{WORKER}" if WORKER else "test"
CACHES["default"] |= {"LOCATION": REDIS_URL, "KEY_PREFIX": PREFIX}

# A pool would hold connections open when the test database is dropped.
POOL = DATABASES["default"]["OPTIONS"].pop("pool")

# Tasks run where they are started, unless a test starts a worker.
CELERY_BROKER_URL = database.as_broker_url(REDIS_URL)
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

# Files as they stand in the source: no collectstatic before a test.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
MEDIA_ROOT = VAR_DIR / f"files{WORKER}"
STATIC_ROOT = VAR_DIR / f"static{WORKER}"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING |= {"root": {"handlers": ["console"], "level": "WARNING"}}
# What is off until it is switched on is tested too.
CHANNEL_X = True
# A reply leaves at once, where a test does not say otherwise.
UNDO_SECONDS = 0
# What a test changes is so at once.
INBOX_MEMORY_SECONDS = 0.0
