"""Several threads that do the same at once, each with something of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

SENDERS = 4
"""Messages to different people and channels on their way at once: forty a second when Slack answers in a tenth of one.
More would keep people's presses waiting, as one processor words them all.
"""


class Hands:
    """Begun at the first use, in the process that uses them."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="hand")

    def __call__(self, do: Callable[[str], bool], each: Sequence[str]) -> list[bool]:
        """Comes back when all is done; then raises what the first of those that failed raised."""
        asked = [self._pool.submit(do, one) for one in each]
        wait(asked)
        return [one.result() for one in asked]

    def rest(self) -> None:
        """What is in hand is finished, and no more is begun."""
        self._pool.shutdown(cancel_futures=True)
