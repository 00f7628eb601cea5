"""What the bot does when nobody asks: one list, readable aloud. The clock only knocks; the use case knows what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.usecases import Office


@dataclass(frozen=True)
class Chore:
    """`do` is asked at every knock with the instant; it works out itself what is due, and does it once."""

    name: str
    do: Callable[[datetime], object]


def timetable(office: Office) -> tuple[Chore, ...]:
    return (
        Chore("meetings of the next twelve months are laid out", office.meetings.lay_out_due),
        Chore(
            "moves and cancellations are carried out when they can no longer be undone",
            office.meetings.carry_out_due,
        ),
        Chore("agendas are posted, and shown anew when something has changed", office.posts.post_due),
        Chore("presenters hear their time the working day before", office.posts.present_due),
        Chore("unanswered requests go on to the deputy", office.referrals.pass_on_due),
        Chore("overdue follow-ups are written down", office.follow_ups.escalate_due),
        Chore("each person hears in the morning what waits", office.overviews.send_due),
        Chore("old direct messages lose what they told", office.overviews.clear_due),
    )
