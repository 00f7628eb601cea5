"""What the bot does when nobody asks: one list, readable aloud. The clock only knocks; the use case knows what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.usecases import Office


@dataclass(frozen=True)
class Chore:
    """`do` is asked at every knock with the instant; it works out itself what is due, and does it once."""

    code: str  # for logs and metrics: one word
    name: str
    do: Callable[[datetime], object]


def timetable(office: Office) -> tuple[Chore, ...]:
    return tuple(replace(chore, do=_without_unreadable(office, chore)) for chore in _chores(office))


def _without_unreadable(office: Office, chore: Chore) -> Callable[[datetime], object]:
    """A case that cannot be read keeps no other from its due: the chore is done without it."""
    return lambda at: office.apart.without_unreadable(lambda: chore.do(at), at=at)


def _chores(office: Office) -> tuple[Chore, ...]:
    return (
        Chore("meetings", "meetings of the next twelve months are laid out", office.meetings.lay_out_due),
        Chore(
            "moves",
            "moves and cancellations are carried out when they can no longer be undone",
            office.meetings.carry_out_due,
        ),
        Chore(
            "agendas", "agendas are posted, and shown anew when something has changed", office.posts.post_due
        ),
        Chore(
            "channels",
            "channels with a post are looked at every minute, and what could not be reached is tried again",
            office.posts.watch_due,
        ),
        Chore(
            "watch",
            "the clock's rounds and what the guard sees are written down",
            office.watchkeeping.keep_due,
        ),
        Chore("ballots", "written procedures come to an end", office.ballots.settle_due),
        Chore("presenters", "presenters hear their time the working day before", office.posts.present_due),
        Chore("referrals", "unanswered requests go on to the deputy", office.referrals.pass_on_due),
        Chore("escalations", "overdue follow-ups are written down", office.follow_ups.escalate_due),
        Chore(
            "two_chairs",
            "every open case is looked at: nobody between two chairs",
            office.two_chairs.check_due,
        ),
        Chore("ages", "who has turned 18 or 30 is called so", office.passages.grow_due),
        Chore("passages", "passages that come near are seen", office.passages.watch_due),
        Chore(
            "handovers", "cases change hands on the day the committee chose", office.handovers.carry_out_due
        ),
        Chore(
            "substitutes",
            "leaders hear of substitutes who have been there for 25 days",
            office.substitutes.remind_due,
        ),
        Chore("absences", "whoever is back hears in one message what happened", office.absences.back_due),
        Chore("overviews", "each person hears in the morning what waits", office.overviews.send_due),
        Chore("practice", "practice cases are gone after a week", office.practice_cases.clear_due),
        Chore("clearing", "old direct messages lose what they told", office.overviews.clear_due),
        Chore("samples", "last month's looks are drawn for the leaders to sign", office.looks.draw_due),
        Chore(
            "forgetting",
            "keys of what was asked and forms left behind are forgotten",
            office.retention.clear_due,
        ),
        Chore("retention", "cases whose time has come are told of once a month", office.retention.tell_due),
        Chore("journal", "the journal is looked through at night", office.journal_watch.look_due),
        Chore("counts", "case counts are forgotten after thirty days", office.counts.forget_due),
    )
