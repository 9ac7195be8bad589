"""Chooses what a customer has written about, and when."""

from random import Random

from agentdesk.ops.demo.companies import Company
from agentdesk.ops.demo.lines import Thread
from agentdesk.ops.demo.people import Person
from agentdesk.ops.demo.purchases import Bought
from agentdesk.ops.demo.stamps import DAY, japanese_midnight
from agentdesk.ops.demo.texts import Scene
from agentdesk.ops.demo.threads import HOUR, Threads

_TRIES = 3
# One customer in so many has written every few days for years.
_ONE_REGULAR_IN = 20_000
_REGULAR_DAYS = 5


class Stories:
    """Tells each customer's past, so that all together come to the wanted messages."""

    def __init__(self, rng: Random, now: int, threads: Threads, wanted: float) -> None:
        self._rng = rng
        self._now = now
        self._threads = threads
        self._wanted = wanted  # messages per customer
        self._wanted_so_far = 0.0
        self._plain: dict[int, list[Scene]] = {}

    def past(self, person: Person, orders: list[Bought], thread: Thread) -> None:
        """Closed inquiries of the customer, oldest first; often none at all."""
        self._wanted_so_far += self._wanted
        if person.pk % _ONE_REGULAR_IN == 0:
            self._regular(person, thread)
            return
        missing = self._wanted_so_far - self._threads.lines.count
        if missing <= 0:
            return
        count = 1 + int(self._rng.expovariate(1 / 2.4))
        if missing > 50 * self._wanted:
            count += 2
        chosen = [self._choose(person, orders) for _index in range(count)]
        chosen.sort(key=lambda story: story[0])
        for start, scene, bought in chosen:
            if start > thread.free_from:
                self._threads.add_inquiry(thread, scene, bought, start)

    def _regular(self, person: Person, thread: Thread) -> None:
        """A very long thread: what opens fast for all must open fast for this one."""
        plain = self._scenes_without_order(person.company)
        for turn, day in enumerate(range(person.since, self._now, _REGULAR_DAYS * DAY)):
            thread.subjects.clear()
            start = max(self._daytime(day), thread.free_from)
            self._threads.add_inquiry(thread, plain[turn % len(plain)], None, start)

    def _choose(
        self, person: Person, orders: list[Bought]
    ) -> tuple[int, Scene, Bought | None]:
        rng, company = self._rng, person.company
        for _try in range(_TRIES):
            scene: Scene = rng.choices(
                company.scenes.items, cum_weights=company.scenes.cumulative
            )[0]
            if scene.when == "none":
                return self._any_day(person), scene, None
            fitting = [order for order in orders if _fits(order, scene, company)]
            if fitting:
                bought = fitting[int(rng.random() * len(fitting))]
                return self._moment(bought, scene), scene, bought
        plain = self._scenes_without_order(company)
        return self._any_day(person), plain[int(rng.random() * len(plain))], None

    def _scenes_without_order(self, company: Company) -> list[Scene]:
        if company.pk not in self._plain:
            self._plain[company.pk] = [
                scene for scene in company.scenes.items if scene.when == "none"
            ]
        return self._plain[company.pk]

    def _any_day(self, person: Person) -> int:
        span = max(self._now - person.since - 2 * DAY, DAY)
        return self._daytime(person.since + int(self._rng.random() * span))

    def _moment(self, bought: Bought, scene: Scene) -> int:
        draw = self._rng.random()
        if scene.when == "placed":
            return bought.placed + int((0.2 + draw * 2) * HOUR)
        if scene.when == "shipped":
            return bought.shipped + int((1 + draw * 8) * HOUR)
        if scene.when == "later":
            return self._daytime(bought.delivered + int((20 + draw * 90) * DAY))
        after = bought.placed if scene.when == "bought" else bought.delivered
        return self._daytime(after + DAY + int(draw * 4 * DAY))

    def _daytime(self, at: int) -> int:
        hours = 8.5 + self._rng.random() * 12.5
        return japanese_midnight(at) + int(hours * HOUR)


def _fits(order: Bought, scene: Scene, company: Company) -> bool:
    is_online = order.shop is company.ec
    if order.fate or is_online == (scene.when == "bought"):
        return False
    return company.is_about(scene, order.sku)


def all_scenes(company: Company, voices: tuple[str, ...]) -> list[Scene]:
    """The scenes of some voices, the frequent first."""
    pairs = zip(company.scenes.items, _weights(company), strict=True)
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    return [scene for scene, _weight in ordered if scene.voice in voices]


def _weights(company: Company) -> list[int]:
    cumulative = company.scenes.cumulative
    return [
        after - before
        for before, after in zip([0, *cumulative], cumulative, strict=False)
    ]
