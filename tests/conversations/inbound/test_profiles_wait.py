"""Many new followers at once take a few threads of a worker, and are all asked about."""

import threading

from conversations.inbound import fetch_profile, name_speaker, tasks
from tests.waiting import until


def test_a_flood_of_followers_leaves_threads_to_the_replies(monkeypatch):
    answered, requested, named = threading.Event(), [], []

    def slow(pk):
        requested.append(pk)
        assert answered.wait(30)
        if pk == 2:
            raise ValueError("毒")
        named.append(pk)

    monkeypatch.setattr(fetch_profile, "fetch_profile", slow)
    monkeypatch.setattr(name_speaker, "name_speaker", slow)
    threads = [
        threading.Thread(
            target=(tasks.fetch_profile, tasks.name_speaker)[n % 2], args=(n,)
        )
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    try:
        until(
            lambda: len(requested) == 2 and sum(one.is_alive() for one in threads) == 2
        )
    finally:
        answered.set()
        for thread in threads:
            thread.join()
    assert sorted(named) == [n for n in range(12) if n != 2]
