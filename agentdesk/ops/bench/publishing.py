"""A process of its own that publishes signals at a steady rate, as the product does.

`python -m agentdesk.ops.bench.publishing RATE SECONDS < topics`, one topic a line, in turn.
"""

import sys
import time

import django


def publish_steadily(topics: list[str], rate: int, seconds: float) -> int:
    """How many were published."""
    from agentdesk.live.publish import send_now  # noqa: PLC0415  # needs the settings

    began, number = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        while number < passed * rate:
            send_now(topics[number % len(topics)], "bench", {"message": number})
            number += 1
        time.sleep(0.001)
    return number


if __name__ == "__main__":
    django.setup()
    topics, rate, seconds = sys.stdin.read().split(), int(sys.argv[1]), sys.argv[2]
    sys.stdout.write(f"{publish_steadily(topics, rate, float(seconds))}\n")
