"""What is written to the bot in plain words, and what it answers (A10). The words themselves are never kept (D36)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.domain import personal_data
from bot.domain.calendar import local_date
from bot.domain.case import Case, CaseNotFound, Stage
from bot.domain.intents import LONGEST, Intent, case_words, guess_intent, is_near, read_intent
from bot.domain.meeting import Meeting, build_agenda
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import Person, Role
from bot.usecases.cases import CaseLine, line_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.frame_facts import Use
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.referrals import waiting_requests
from bot.usecases.todays import Today, my_today
from bot.usecases.tools import UseCases

MOST_HITS = 5
MOST_URGENT = 2


@dataclass(frozen=True)
class MeantUse:
    """»450 kr bus på isfugl«, as a line of its own that nobody has booked yet."""

    case_id: str
    use: Use

    def as_facts(self) -> dict[str, str]:
        use = self.use
        kind = "commitment" if use.commitment else "expense"
        return {
            "amount": str(use.amount.ore),
            "purpose": use.purpose,
            "on": use.spent_on.isoformat(),
            "kind": kind,
        }

    @classmethod
    def of(cls, facts: dict[str, str]) -> MeantUse:
        spent_on = date.fromisoformat(facts["on"])
        amount = Kroner(int(facts["amount"]))
        use = Use(amount, facts["purpose"], spent_on, commitment=facts["kind"] == "commitment")
        return cls(facts["cases"], use)


class Conversation(UseCases):
    def hear(self, asked: Asked, text: str, *, meant: MeantUse | None = None) -> Intent:
        """Understands a message and owes an answer to it: the intent and ids, never the text. Once per event.

        `meant` is the one use of a frame the words can mean, if there is one; it becomes a button, and is not booked.
        """
        intent, named = self._understood(asked, text)
        if asked.key is None:
            return intent
        with self._open_work(asked) as work:
            facts = {"intent": intent.value, "cases": ",".join(case.id for case in named)}
            case_id = named[0].id if len(named) == 1 else None
            if intent == Intent.USE_FRAME and meant:
                case_id = meant.case_id
                facts |= {"cases": case_id, **meant.as_facts()}
            key = f"reply:{asked.key}"[:200]
            work.notices.tell(Notice(key, "reply", asked.by.id, facts, case_id=case_id))
        return intent

    def meant_use(self, asked: Asked, key: str) -> MeantUse:
        """What the button under an answer stands for. Raises CaseNotFound when it is no answer to this person."""
        with self._open_reading(at=asked.at) as work:
            notice = work.notices.by_key(key)
            if notice is None or notice.to != asked.by.id or "amount" not in notice.facts:
                raise CaseNotFound
            return MeantUse.of(notice.facts)

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


_ABOUT_A_CASE = (
    Intent.USE_FRAME,
    Intent.LEFT,
    Intent.WHO,
    Intent.REMOVE,
    Intent.MEETING,
    Intent.URGENT,
)


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
    today: Today | None = None  # None: nothing but what `waiting` counts
    waiting: int = 0  # requests a leader has not answered
    meeting: NextMeeting | None = None
    meeting_id: str | None = None  # the one to regret, or to cancel, where the person may
    use: MeantUse | None = None
    key: str = ""  # the answer's own, which its buttons go back to


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


def _todays(telling: Telling, person: Person, rules: RulesBook) -> dict[str, Any]:
    """The same lines as Home."""
    work = telling.work
    asked = Asked(person, telling.at, "reply")
    today = my_today(PartAsked(work, asked, rules.on(asked.today)))
    waiting = len(waiting_requests(work, person)) if person.is_leader else 0
    return {"today": today, "waiting": waiting}


def _used(telling: Telling, person: Person, _rules: RulesBook) -> dict[str, Any]:
    facts = telling.notice.facts
    seen = _still_seen(telling, person)
    use = MeantUse.of(facts) if "amount" in facts and seen else None
    return {"cases": seen, "use": use, "key": telling.notice.key}


def _absent(telling: Telling, person: Person, _rules: RulesBook) -> dict[str, Any]:
    """A member can send regrets for the next meeting at once."""
    meeting = _coming(telling.work, telling) if person.has(Role.COMMITTEE_MEMBER) else None
    return {"meeting_id": meeting.id if meeting else None}


def _hurried(telling: Telling, person: Person, _rules: RulesBook) -> dict[str, Any]:
    """The case that was named, or those that are not sent yet: urgency is chosen when asking (A5)."""
    named = _still_seen(telling, person)
    if named or not person.has(Role.CASEWORKER):
        return {"cases": named}
    own = [c for c in telling.work.cases.of_caseworker(person.id) if c.stage == Stage.REGISTERED]
    return {"cases": tuple(line_of(telling.work, c, person) for c in own[:MOST_URGENT])}


def _removed(telling: Telling, person: Person, rules: RulesBook) -> dict[str, Any]:
    meeting = _coming(telling.work, telling)
    theirs = meeting is not None and person.runs(meeting.committee)
    return _no_more(telling, person, rules) | {"meeting_id": meeting.id if meeting and theirs else None}


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


_FACTS: dict[Intent, Finder] = {
    Intent.TODAY: _todays,
    Intent.MEETING: _meeting,
    Intent.USE_FRAME: _used,
    Intent.AWAY: _absent,
    Intent.URGENT: _hurried,
    Intent.REMOVE: _removed,
}
