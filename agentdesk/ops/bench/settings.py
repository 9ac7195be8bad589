"""The product's settings for its web and worker while they are measured."""

from agentdesk.settings import *  # noqa: F403
from agentdesk.settings import MACHINE_MIDDLEWARE, MIDDLEWARE, STORAGES

# Tells what each request cost, in a header.
_TIMING = "agentdesk.ops.bench.timing.ServerTimingMiddleware"
MIDDLEWARE = [_TIMING, *MIDDLEWARE]
MACHINE_MIDDLEWARE = [_TIMING, *MACHINE_MIDDLEWARE]
# Visitors come from addresses of their own, as behind a reverse proxy.
TRUSTED_PROXIES = 1
# Style sheets are not measured, so they are not compressed first either.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
