"""The tests' settings as Daphne has them: with a pool, as in production.

A connection for every request would cost more than most of the requests.
"""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, POOL

DATABASES["default"]["OPTIONS"]["pool"] = POOL
