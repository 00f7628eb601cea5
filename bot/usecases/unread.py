"""The administrator hears that a row of some case cannot be read: the number to look for, and no case (A12)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Role
from bot.usecases.delivery import Teller, Telling, Told


@dataclass(frozen=True)
class Unread:
    number: str  # of the request that met it, as the log has it


def _tell(telling: Telling) -> Told | None:
    who = telling.recipient
    if who is None or not who.has(Role.ADMINISTRATOR):
        return None
    return Told(Unread(telling.notice.facts["request"]), who.language)


TELLERS: dict[str, Teller] = {"unreadable": _tell}
