"""What stands in the way of messages: a pause Slack has asked for, or a place that cannot be reached now.

A lane is a destination (a person's or channel's id), something we do there, or the whole workspace. It is kept in the
database, so that every replica heeds it, also after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TEAM = "team"
"""Everything in the workspace."""

POST, EDIT, DELETE, LOOK, GUARD = "post", "edit", "delete", "look", "guard"
HOME, FORM, ASIDE = "home", "form", "aside"
ACTS = (POST, EDIT, DELETE, LOOK, GUARD, HOME, FORM, ASIDE)
"""What may be paused by itself: a new message, a change to one, its removal, looking for a doubtful one, looking at the
channel first; and what people see at once: a Home, a form, a line beside a message. Slack counts calls by method, and
each method of ours does one of these."""


OF_A_TOKEN = "token:"  # noqa: S105 - a name
"""Before the mark of a token that Slack has refused, and that some process may hold: heeded by those who do."""

LET_IN = "let_in"
"""Set when Slack last took something from one of us, as far as a few minutes."""

SWEEP = "sweep"
"""Whose turn it is to look for our own doubles."""

LONGEST_PAUSE = timedelta(minutes=10)
"""As long as Slack is taken at its word, and every other pause is no longer. Slack counts calls by the minute: whoever
asks for more than ten is asked again after ten, by one call. A proxy that says a day silences nobody for a day.
"""
MAY_DIFFER = timedelta(minutes=1)
"""So far apart two who set and read a pause may be; a clock that is further off is not trusted (bot/health.py)."""


@dataclass(frozen=True)
class Lane:
    name: str  # TEAM, one of ACTS, or a destination
    free_from: datetime | None = None  # nothing goes before then, on `Clock.real`; None: it is free
    broken: str | None = None  # Slack's word for why; None: it is whole
    since: datetime | None = None  # when it broke, on `Clock.now`
    failures: int = 0  # how often in a row Slack has been away; of a token: has refused it
    set_at: datetime | None = None  # when its pause was, on `Clock.real`; None: an older program did

    def rests(self, real: datetime, *, longest: timedelta = LONGEST_PAUSE) -> bool:
        """One that was set later than now, or ends later than any that is given, is a wrong clock's: it holds up nobody."""
        if self.set_at is not None and self.set_at > real + MAY_DIFFER:
            return False
        return self.free_from is not None and real < self.free_from <= real + longest + MAY_DIFFER
