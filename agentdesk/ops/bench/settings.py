"""The product's settings for its web and worker while they are measured."""

import os

from agentdesk.settings import *  # noqa: F403
from agentdesk.settings import MACHINE_MIDDLEWARE, MIDDLEWARE, STORAGES

# Tells what each request cost, in a header.
_TIMING = "agentdesk.ops.bench.timing.ServerTimingMiddleware"
MIDDLEWARE = [_TIMING, *MIDDLEWARE]
MACHINE_MIDDLEWARE = [_TIMING, *MACHINE_MIDDLEWARE]
# Visitors come from addresses of their own, as behind a reverse proxy.
TRUSTED_PROXIES = 1
# Where no browser loads them, scripts and styles are not compressed first either.
if not os.environ.get("BENCH_STATICS"):
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
