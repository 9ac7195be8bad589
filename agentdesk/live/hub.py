"""All open sockets of this process by topic, and its one subscription to Valkey."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import redis.asyncio
import structlog
from autobahn.websocket.protocol import PreparedMessage
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from agentdesk.database import PATIENCE_SECONDS
from agentdesk.live.listener import Listener, frame_of
from agentdesk.live.signals import Signal, channel, unpack

log = structlog.get_logger(__name__)

# A socket that gets more frames than one in this time gets what follows as one frame;
_GATHER_SECONDS = 0.05
# so many may leave at once before.
_FRAMES_AT_ONCE = 5
_CHECK_SECONDS = 2.0
_AGAIN_SECONDS = 0.25


class Hub:
    """Used by the event loop of the sockets only.

    The first signals leave at once; what follows them closely is gathered. What
    was published while Valkey was away is lost: every socket is then resynchronised.
    """

    def __init__(self) -> None:
        self._topics: dict[str, set[Listener]] = defaultdict(set)
        self._listeners: set[Listener] = set()
        self._due: set[Listener] = set()
        self._gathering: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_listening = asyncio.Event()
        self._has_missed = False
        self._orders: set[asyncio.Task[None]] = set()

    async def watch(self, listener: Listener, topics: Iterable[str]) -> None:
        """From now on the listener gets the signals of these topics, and of no others."""
        if listener.is_gone:
            return
        if self._task is None or self._task.done():
            self._start()
        self._listeners.add(listener)
        after = set(topics)
        self._unwatch(listener, listener.topics - after)
        for topic in after - listener.topics:
            self._topics[topic].add(listener)
        listener.topics = after
        for signal in [one for one, of in listener.waiting.items() if of not in after]:
            del listener.waiting[signal]
        await self._listening()

    def forget(self, listener: Listener) -> None:
        self._unwatch(listener, listener.topics)
        self._listeners.discard(listener)
        self._due.discard(listener)
        listener.leave()

    def _unwatch(self, listener: Listener, topics: Iterable[str]) -> None:
        for topic in topics:
            self._topics[topic].discard(listener)
            if not self._topics[topic]:
                del self._topics[topic]

    async def _listening(self) -> None:
        """Once the subscription stands; a socket does not wait for a Valkey that is away."""
        if self._is_listening.is_set() or self._has_missed:
            return
        try:
            await asyncio.wait_for(self._is_listening.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            self._has_missed = True

    def _start(self) -> None:
        """In the loop that runs now: one of before may have ended at any moment."""
        for left in (self._topics, self._listeners, self._due):
            left.clear()
        self._is_listening = asyncio.Event()
        self._has_missed = False
        self._gathering = None
        self._task = asyncio.get_running_loop().create_task(self._listen_forever())

    async def _listen_forever(self) -> None:
        # A cancellation may arrive as an error of the client's, which is no reason to go on.
        while self._listeners and not _is_cancelled():
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                if not self._has_missed:
                    log.warning("subscription_lost", error=repr(error))
            except Exception:  # whatever it is, the next signal must be heard
                log.exception("subscription_lost")
            else:
                continue
            self._has_missed = True
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen(self) -> None:
        """Until the last socket has gone. Raises RedisError or OSError."""
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(channel())
            try:
                while self._listeners:
                    message = await _next_message(subscription)
                    if message["type"] == "subscribe":
                        self._subscribed()
                    elif message["type"] == "message":
                        self._pass_on(unpack(message["data"]))
                    # A flood that is read at once must not keep the loop.
                    await asyncio.sleep(0)
            finally:
                self._is_listening.clear()

    def _subscribed(self) -> None:
        """Whatever was published before has not come."""
        if self._has_missed:
            log.info("subscription_restored", sockets=len(self._listeners))
            frames: dict[bytes, PreparedMessage] = {}
            for listener in list(self._listeners):
                listener.waiting.clear()
                again = listener.resync_frame
                _send(listener, frames.setdefault(again, frame_of((again,))))
        self._has_missed = False
        self._is_listening.set()

    def _pass_on(self, signals: Iterable[Signal]) -> None:
        now = asyncio.get_running_loop().time()
        soon = now + (_FRAMES_AT_ONCE - 1) * _GATHER_SECONDS
        rested: set[Listener] = set()
        for signal in signals:
            listeners = self._topics.get(signal.topic)
            if not listeners:
                continue
            frames: dict[bool, bytes] = {}
            for listener in listeners:
                if signal.kind in listener.orders:
                    self._obey(listener, listener.orders[signal.kind])
                    continue
                some = listener.with_topic
                if some not in frames:
                    frames[some] = signal.frame(with_topic=some)
                listener.add(frames[some], signal.topic)
                (self._due if soon < listener.rests_until else rested).add(listener)
        self._flush(rested, now)
        if self._due and self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(_GATHER_SECONDS, self._flush_due)

    def _flush_due(self) -> None:
        self._gathering = None
        due, self._due = self._due, set()
        self._flush(due, asyncio.get_running_loop().time())

    def _flush(self, listeners: Iterable[Listener], now: float) -> None:
        """Who gets the same shares one prepared frame."""
        frames: dict[tuple[bytes, ...], PreparedMessage] = {}
        for listener in listeners:
            if listener.holds:
                continue
            signals = listener.take()
            if signals:
                if signals not in frames:
                    frames[signals] = frame_of(signals)
                listener.rests_until = max(now, listener.rests_until) + _GATHER_SECONDS
                _send(listener, frames[signals])

    def _obey(self, listener: Listener, order: Callable[[], Awaitable[None]]) -> None:
        """What concerns the socket's rights holds back its signals until that is done."""
        listener.holds += 1
        task = asyncio.get_running_loop().create_task(self._obeyed(listener, order))
        self._orders.add(task)
        task.add_done_callback(self._orders.discard)

    async def _obeyed(
        self, listener: Listener, order: Callable[[], Awaitable[None]]
    ) -> None:
        try:
            await order()
        except Exception:  # whatever it is, the rights are not known
            log.exception("socket_failed")
            listener.cut()
        finally:
            listener.holds -= 1
        self._flush([listener], asyncio.get_running_loop().time())


async def _next_message(subscription: PubSub) -> dict[str, Any]:
    """Raises a TimeoutError of Valkey's where it is silent and does not answer either."""
    for is_checked in (False, True):
        seconds = PATIENCE_SECONDS if is_checked else _CHECK_SECONDS
        message = await subscription.get_message(timeout=seconds)
        if message is not None:
            return dict(message)
        if not is_checked:
            await subscription.ping()
    raise redis.exceptions.TimeoutError("Valkey does not answer")


def _send(listener: Listener, frame: PreparedMessage) -> None:
    """What one socket cannot do, having gone meanwhile, keeps it from no other."""
    try:
        listener.send(frame)
    except Exception:
        log.exception("socket_failed")


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


hub = Hub()
