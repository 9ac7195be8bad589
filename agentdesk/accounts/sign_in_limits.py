"""How often a password may be guessed, without locking out those who know theirs.

Failures count by account and address together, by account, and by address; a browser that
knows the user (see `device`) counts by itself alone. Past what is free of them, one try
passes after a pause that doubles with every failure: nobody is shut out for good, and a
floor behind one address does not wait for one colleague's slips.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from agentdesk.accounts.device import device_of
from agentdesk.accounts.models import User
from agentdesk.audit.origin import address_group, request_address

_REMEMBERED_SECONDS = 3600


@dataclass(frozen=True)
class Tier:
    """`free` failures without a pause; then `pause` seconds, doubled up to `longest`."""

    name: str
    free: int
    pause: int
    longest: int

    def pause_after(self, failures: int) -> int:
        doublings = min(failures - self.free, 16)
        return min(self.pause << doublings, self.longest)


DEVICE = Tier("device", free=5, pause=60, longest=900)
ACCOUNT_AND_ADDRESS = Tier("account-address", free=5, pause=60, longest=900)
ACCOUNT = Tier("account", free=30, pause=30, longest=300)
ADDRESS = Tier("address", free=100, pause=1, longest=10)


@dataclass(frozen=True)
class Counter:
    tier: Tier
    who: str

    @property
    def _key(self) -> str:
        digest = hashlib.sha256(self.who.encode()).hexdigest()
        return f"sign-in:{self.tier.name}:{digest}"

    def admit(self) -> bool:
        """Count a try as failed beforehand: a hundred at once are no way around."""
        cache.add(self._key, 0, _REMEMBERED_SECONDS)
        failures = self._add(1)
        cache.touch(self._key, _REMEMBERED_SECONDS)
        if failures < self.tier.free:
            return True
        pause = self.tier.pause_after(failures)
        if cache.add(f"{self._key}:pause", 1, pause):
            return True
        self.take_back()
        return False

    def take_back(self) -> None:
        self._add(-1)

    def _add(self, number: int) -> int:
        try:
            return int(cache.incr(self._key, number))
        except ValueError:  # emptied meanwhile, or Valkey is away since
            cache.set(self._key, max(number, 0), _REMEMBERED_SECONDS)
            return max(number, 0)

    def clear(self) -> None:
        cache.delete(self._key)
        cache.delete(f"{self._key}:pause")


@dataclass(frozen=True)
class Attempt:
    """One try, counted as failed until it has succeeded."""

    own: Counter
    shared: tuple[Counter, ...]

    def admit(self) -> bool:
        admitted: list[Counter] = []
        for counter in (self.own, *self.shared):
            if not counter.admit():
                for other in admitted:
                    other.take_back()
                return False
            admitted.append(counter)
        return True

    def succeed(self) -> None:
        """What others have tried meanwhile goes on counting."""
        self.own.clear()
        for counter in self.shared:
            counter.take_back()


def attempt_of(request: HttpRequest, email: str) -> Attempt:
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    device = device_of(request, user)
    if device is not None:
        return Attempt(Counter(DEVICE, f"{device}:{email}"), ())
    group = address_group(request_address(request))
    return Attempt(
        Counter(ACCOUNT_AND_ADDRESS, f"{email}:{group}"),
        (Counter(ACCOUNT, email), Counter(ADDRESS, group)),
    )
