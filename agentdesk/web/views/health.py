"""Is the process alive, can it serve, and is all of the desk at work."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from agentdesk.database import client_options
from agentdesk.jobs.heartbeat import PARTS, living_parts


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def serving(request: HttpRequest) -> JsonResponse:
    """For a load balancer: 503 while this process cannot answer requests.

    Without Valkey it can: pages are served, only not by themselves up to date.
    """
    state = {"database": _database_answers(), "valkey": _valkey_answers()}
    return JsonResponse(state, status=200 if state["database"] else 503)


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """For who watches the desk: 503 while any part of it is missing, and which."""
    living = living_parts()
    state = {"database": _database_answers(), "valkey": _valkey_answers()}
    state |= {part: part in living for part in PARTS}
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
