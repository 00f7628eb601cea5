"""A case that cannot be read keeps no other from being seen: it is left out, and that is said (a poisoned row).

Whoever meets its row asks once more without it, as what was begun was undone; what is done by key is done once all the
same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot import metrics
from bot.domain.calendar import local_date
from bot.domain.notices import Notice
from bot.domain.people import Role
from bot.log import about_request, get_log
from bot.usecases.left_out import Unreadable, leaving_out, left_out
from bot.usecases.tools import UseCases

T = TypeVar("T")
log = get_log()


class Apart(UseCases):
    def without_unreadable(self, do: Callable[[], T], *, at: datetime) -> tuple[T, int]:
        """What `do` gives, and how many cases it had to do without.

        Raises Unreadable where that case is the very thing asked for, or would be changed.
        """
        left = left_out()
        while True:
            with leaving_out(left):
                try:
                    return do(), len(left)
                except Unreadable as why:
                    if why.case in left:
                        raise
                    self._tell(why, at)
                    left |= {why.case}

    def _tell(self, why: Unreadable, at: datetime) -> None:
        """Each time in the log and the count; an administrator hears of each kind of row once a month."""
        metrics.unreadable()
        with about_request() as number:
            log.error("unreadable", key=why.place, row=why.row)
            month = local_date(at).strftime("%Y-%m")
            with self._open_work(at=at) as work:
                for person in work.people.holding(Role.ADMINISTRATOR):
                    key = f"unreadable:{why.place}:{month}:{person.id}"
                    work.notices.tell(Notice(key, "unreadable", person.id, {"request": number}))
