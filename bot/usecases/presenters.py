"""What presenters hear of a meeting: all their own items and times in one message, the working day before (D10).

One message for each person and meeting, whatever else they have heard that day: three items are three lines. An item
that comes on, or another time, is a new message with all of them, and the earlier one becomes neutral; an item that is
gone only goes out of the message that stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256

from bot.domain.calendar import local, local_date
from bot.domain.committee import Committee
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.notices import Notice
from bot.domain.people import PersonId
from bot.domain.rules import Rules
from bot.usecases.agenda_facts import ItemLine, view_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import RulesBook, Work

KIND = "presenting"
TOLD_FROM = time(8, 0)
"""When presenters hear their time, the working day before; local."""


@dataclass(frozen=True)
class PresentedItem:
    presentation: str
    alias: str
    starts: time
    number: int
    ready: bool


@dataclass(frozen=True)
class Presenting:
    """A presenter's own items at a meeting, in the order they are taken."""

    meeting: Meeting
    items: tuple[PresentedItem, ...]


@dataclass(frozen=True)
class Change:
    """What one presenter's messages come to: `new` is told, `gone` become neutral, `less` say fewer items."""

    new: Notice | None = None
    gone: tuple[str, ...] = ()
    less: tuple[tuple[str, str], ...] = ()  # the key, and the items that are left

    def carry_out(self, work: Work) -> None:
        for key in self.gone:
            work.notices.handle(key)
        for key, items in self.less:
            work.notices.retell(key, items=items)
        if self.new:
            work.notices.tell(self.new)


def changes_due(
    work: Work, committee: Committee, rules: Rules, at: datetime, each: OneByOne
) -> Iterator[Change]:
    """Of the meetings whose eve has come, until they begin."""
    today = local_date(at)
    for meeting in work.meetings.next_after(committee.id, today, count=2):
        eve = rules.working_days.after(meeting.day, -1)
        early = today == eve and local(at).time() < TOLD_FROM
        if today < eve or early or at >= meeting.begins:
            continue
        with each.alone():
            yield from _changes(work, rules, meeting, at)


def _changes(work: Work, rules: Rules, meeting: Meeting, at: datetime) -> list[Change]:
    wanted: dict[PersonId, list[ItemLine]] = defaultdict(list)
    for line in view_of(work, rules, meeting, at).lines:
        if not work.cases.get(line.case_id).is_stilled:
            for person in presenters_of(work, line):
                wanted[person].append(line)
    standing: dict[PersonId, list[Notice]] = defaultdict(list)
    for notice in _standing(work, meeting):
        standing[_presenter(notice)].append(notice)
    found = [
        _change(work, meeting, person, wanted[person], standing[person], at)
        for person in dict.fromkeys((*wanted, *standing))
    ]
    return [change for change in found if change != Change()]


def _change(  # noqa: PLR0917 - what one presenter's message is made of
    work: Work,
    meeting: Meeting,
    person: PersonId,
    lines: list[ItemLine],
    standing: list[Notice],
    at: datetime,
) -> Change:
    wanted = [_named(line) for line in lines]
    later = [n for n in standing if n.ts is None and n.not_before and n.not_before > at]
    told = {item for n in standing for item in items_in(n)}
    if set(wanted) <= told:
        return _without(standing, but=wanted)
    held = {item for n in later for item in items_in(n)}  # said when it cannot be undone any more
    notice = presenting_notice(meeting, person, [line for line in lines if _named(line) not in held])
    before = [n for n in standing if n not in later]
    if work.notices.by_key(notice.key) is None:
        return Change(notice, tuple(n.key for n in before))
    if before and items_in(before[-1]) != items_in(notice):
        return Change(less=((before[-1].key, notice.facts["items"]),))  # it stands there again as it was told
    return Change()


def _without(standing: Iterable[Notice], *, but: Collection[str]) -> Change:
    gone, less = [], []
    for notice in standing:
        left = [item for item in items_in(notice) if item in but]
        if not left:
            gone.append(notice.key)
        elif len(left) < len(items_in(notice)):
            less.append((notice.key, ",".join(left)))
    return Change(gone=tuple(gone), less=tuple(less))


def presenters_of(work: Work, line: ItemLine) -> tuple[PersonId, ...]:
    """Its caseworker, or whoever stands in, and whoever is taken along."""
    return tuple(dict.fromkeys((line.caseworker, *work.presentations.taken_along(line.id))))


def presenting_notice(
    meeting: Meeting, person: PersonId, lines: list[ItemLine], *, not_before: datetime | None = None
) -> Notice:
    """Once for each list of items and times, however often it is asked for."""
    items = ",".join(_named(line) for line in lines)
    print_ = sha256(f"{meeting.day}:{items}".encode()).hexdigest()[:12]
    return Notice(
        f"{KIND}:{meeting.id}:{person}@{print_}",
        KIND,
        person,
        {"meeting": meeting.id, "presentation": lines[0].id, "items": items},
        not_before=not_before,
        expires_at=meeting.begins,
        case_id=lines[0].case_id,
    )


def not_presented(work: Work, presentation_id: str, *, person: PersonId | None = None) -> None:
    """The item goes out of what is told of it, or only of what `person` is to hear."""
    for notice in _standing(work):
        if person in (None, _presenter(notice)):
            left = [item for item in items_in(notice) if item.split("@")[0] != presentation_id]
            _without([notice], but=left).carry_out(work)


def _standing(work: Work, meeting: Meeting | None = None) -> list[Notice]:
    found = [*work.notices.showing(KIND), *work.notices.unsent(KIND)]
    return [n for n in found if meeting is None or n.facts["meeting"] == meeting.id]


def items_in(notice: Notice) -> list[str]:
    """`<presentation>@<time>`; a message of before they were gathered is about one."""
    if "items" in notice.facts:
        return notice.facts["items"].split(",")
    return [f"{notice.facts['presentation']}@{notice.key.rpartition('T')[2]}"]


def _presenter(notice: Notice) -> PersonId:
    """Whose items they are; a deputy may be the one who hears it."""
    return notice.key.rpartition("@")[0].rpartition(":")[2]


def _named(line: ItemLine) -> str:
    return f"{line.id}@{line.item.starts.strftime('%H%M')}"


# --- words ---


def tellers(rules: RulesBook) -> dict[str, Teller]:
    def tell(telling: Telling) -> Told | None:
        """Those of the items that are still on the agenda, and that the reader may see."""
        work, reader = telling.work, telling.recipient
        meeting = work.meetings.get(telling.notice.facts["meeting"])
        if reader is None or meeting.state != MeetingState.PLANNED:
            return None
        about = {item.split("@")[0] for item in items_in(telling.notice)}
        view = view_of(work, rules.on(local_date(telling.at)), meeting, telling.at)
        lines = [line for line in view.lines if line.id in about]
        seen = work.cases.seen_among([line.case_id for line in lines], reader, telling.at)
        items = tuple(
            PresentedItem(line.id, line.alias, line.item.starts, line.item.number, line.ready)
            for line in lines
            if line.case_id in seen
        )
        return Told(Presenting(meeting, items), reader.language) if items else None

    return {KIND: tell}
