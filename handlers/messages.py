"""The desk for what is written to the bot in a direct message."""

from __future__ import annotations

from bot.domain.people import Role
from bot.usecases import Office
from bot.usecases.conversation import MeantUse
from bot.usecases.frame_facts import Use
from bot.usecases.ports import RulesBook
from handlers.answers import Answer, Nothing
from handlers.frame_line import read_line
from handlers.frames import FrameDesk
from handlers.requests import Request

MOST_LETTERS = 100
"""A line about one use is short; a story is not looked through for amounts."""


class MessageDesk:
    def __init__(self, office: Office, rules: RulesBook, frames: FrameDesk) -> None:
        self._office, self._rules, self._frames = office, rules, frames

    def table(self) -> dict[str, object]:
        return {
            "event:message": self.heard,
            "action:reply.book": self.book,
            "action:reply.fix": self.fix,
        }

    def heard(self, request: Request) -> Answer:
        """The answer is owed in the outbox, so that it comes once however often Slack tells of the message."""
        if request.payload["event"].get("channel_type") == "im":
            self._office.conversation.hear(request.asked(), request.text, meant=self._meant(request))
        return Nothing()

    def _meant(self, request: Request) -> MeantUse | None:
        """The one use of a frame the words can mean, read as the command reads its line; None: several, or none."""
        if not request.person.has(Role.CASEWORKER) or len(request.text) > MOST_LETTERS:
            return None
        asked = request.asked(once=False)
        line = read_line(request.text, purposes=self._rules.on(asked.today).purposes, today=asked.today)
        sure = [r for r in line.readings if r.amount and r.purpose and not r.rest and not r.period_until]
        found = self._office.frames.usable_called(asked, tuple(r.case for r in sure)) if sure else {}
        meant = {
            MeantUse(hits[0].id, Use(r.amount, r.purpose, r.spent_on or asked.today, r.commitment))
            for r in sure
            if len(hits := found[r.case]) == 1 and r.amount and r.purpose
        }
        return meant.pop() if len(meant) == 1 else None

    def book(self, request: Request) -> Answer:
        """*Registrér* under the echo: as if it had been typed as a command."""
        meant = self._office.conversation.meant_use(request.asked(once=False), request.value)
        return self._frames.book(request, meant.case_id, meant.use)

    def fix(self, request: Request) -> Answer:
        """*Ret*: the form, filled in with what was understood."""
        meant = self._office.conversation.meant_use(request.asked(once=False), request.value)
        return self._frames.fill_in(request, meant.case_id, meant.use)
