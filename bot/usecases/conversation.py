"""What is written to the bot in plain words, and what it answers (A10). The words themselves are never kept (D36)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.domain import personal_data
from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.intents import LONGEST, Intent, case_words, guess_intent, is_near, read_intent
from bot.domain.meeting import Meeting, build_agenda
from bot.domain.notices import Notice
from bot.domain.people import Person, Role
from bot.domain.presentation import State
from bot.usecases.cases import CaseLine, line_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.referrals import waiting_requests
from bot.usecases.tools import UseCases

MOST_HITS = 5


class Conversation(UseCases):
    def hear(self, asked: Asked, text: str) -> Intent:
        """Understands a message and owes an answer to it: the intent and ids, never the text. Once per event."""
        intent, named = self._understood(asked, text)
        if asked.key is None:
            return intent
        with self._open_work(asked) as work:
            facts = {"intent": intent.value, "cases": ",".join(case.id for case in named)}
            case_id = named[0].id if len(named) == 1 else None
            key = f"reply:{asked.key}"[:200]
            work.notices.tell(Notice(key, "reply", asked.by.id, facts, case_id=case_id))
        return intent

    def _understood(self, asked: Asked, text: str) -> tuple[Intent, list[Case]]:
        """Looked at in memory, personal data first, before anything is stored (D36)."""
        if not asked.by.has_any_role:
            return Intent.NO_ROLE, []
        if personal_data.find(text):
            return Intent.PERSONAL_DATA, []
        if len(text) > LONGEST:
            return Intent.TOO_LONG, []
        intent = read_intent(text)
        with self._open_reading(at=asked.at) as work:
            named = _named(work, asked, text) if intent in (None, *_ABOUT_A_CASE) else []
        if intent is not None:
            return intent, named if len(named) == 1 else []
        if named:
            return (Intent.CASE if len(named) == 1 else Intent.CASES), named[:MOST_HITS]
        return guess_intent(text) or Intent.UNKNOWN, []


_ABOUT_A_CASE = (Intent.USE_FRAME, Intent.LEFT, Intent.WHO, Intent.REMOVE, Intent.MEETING)


def _named(work: Work, asked: Asked, text: str) -> list[Case]:
    """The cases the words may mean, only among those the person may see: an alias or key, else a slip in an alias."""
    found: dict[str, Case] = {}
    for words in (text.strip(), *case_words(text)):
        if hits := work.cases.found_by(words, asked.by, asked.at):
            found |= {case.id: case for case in hits}
            if len(hits) == 1:
                return hits
    if found:
        return list(found.values())
    slips = [w for w in case_words(text) if len(w) > 4]
    seen = work.cases.visible(asked.by, asked.at)
    return [case for case in seen if any(is_near(w, case.alias.casefold()) for w in slips)]


@dataclass(frozen=True)
class Today:
    """What waits for the person, as Home says it."""

    returned: tuple[tuple[str, str], ...]  # (presentation, alias)
    unsent: tuple[tuple[str, str], ...]  # (case, alias)
    waiting: int  # requests a leader has not answered

    @property
    def count(self) -> int:
        return len(self.returned) + len(self.unsent) + self.waiting


@dataclass(frozen=True)
class NextMeeting:
    day: date
    starts: time
    room: str
    mine: tuple[tuple[str, time], ...]  # (alias, when) of what the person presents


@dataclass(frozen=True)
class Reply:
    """The answer, found when it is sent, from what the person may see then."""

    intent: Intent
    person: Person
    cases: tuple[CaseLine, ...] = ()
    today: Today | None = None
    meeting: NextMeeting | None = None


def tell_reply(rules: RulesBook) -> Teller:
    """Finds the answer to a message; `rules` for the times of an agenda."""

    def tell(telling: Telling) -> Told | None:
        person = telling.recipient or Person(telling.notice.to, "", "")
        intent = Intent(telling.notice.facts["intent"])
        found = _FACTS.get(intent, _no_more)(telling, person, rules)
        return Told(Reply(intent, person, **found), person.language)

    return tell


Finder = Callable[[Telling, Person, RulesBook], dict[str, Any]]


def _no_more(telling: Telling, person: Person, _rules: RulesBook) -> dict[str, Any]:
    return {"cases": _still_seen(telling, person)}


def _still_seen(telling: Telling, person: Person) -> tuple[CaseLine, ...]:
    ids = [i for i in telling.notice.facts.get("cases", "").split(",") if i]
    seen = (telling.work.cases.seen_by(i, person, telling.at) for i in ids)
    return tuple(line_of(telling.work, case, person) for case in seen if case)


def _todays(telling: Telling, person: Person, _rules: RulesBook) -> dict[str, Any]:
    work = telling.work
    own = {c.id: c for c in work.cases.of_caseworker(person.id)} if person.has(Role.CASEWORKER) else {}
    sent_back = work.presentations.requested_by(person.id, State.RETURNED)
    returned = tuple((p.id, own[p.case_id].alias) for p in sent_back if p.case_id in own)
    unsent = tuple((c.id, c.alias) for c in own.values() if c.stage == "registered")
    waiting = len(waiting_requests(work, person)) if person.is_leader else 0
    return {"today": Today(returned, unsent, waiting)}


def _meeting(telling: Telling, person: Person, rules: RulesBook) -> dict[str, Any]:
    meeting = _coming(telling.work, telling)
    if meeting is None:
        return {}
    presentations = tuple(telling.work.presentations.on_agenda(meeting.id))
    agenda = build_agenda(meeting, presentations, rules.on(local_date(telling.at)).agenda)
    mine = []
    for item in agenda.items:
        case = telling.work.cases.seen_by(item.presentation.case_id, person, telling.at)
        if case and person.id in (case.caseworker, item.presentation.requested_by):
            mine.append((case.alias, item.starts))
    return {"meeting": NextMeeting(meeting.day, meeting.starts, meeting.room, tuple(mine))}


def _coming(work: Work, telling: Telling) -> Meeting | None:
    committee = next(iter(work.committees.all()), None)
    coming = work.meetings.next_after(committee.id, local_date(telling.at), count=2) if committee else []
    return next((m for m in coming if m.is_ahead(telling.at)), None)


_FACTS: dict[Intent, Finder] = {Intent.TODAY: _todays, Intent.MEETING: _meeting}
