"""For load balancers: is the process alive, and can it serve."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from agentdesk.database import client_options


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database or Valkey does not answer, and which of them."""
    state = {"database": _database_answers(), "valkey": _valkey_answers()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _valkey_answers() -> bool:
    # Not through the cache, which goes on without it.
    try:
        with Redis.from_url(settings.REDIS_URL, **client_options()) as client:
            client.ping()
    except (RedisError, OSError):
        return False
    return True
