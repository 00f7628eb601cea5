"""Criterion 15: for a year nobody in the shared channel learns anything of a case, and Slack keeps no trail of one.

Every week some cases are placed, the agenda is posted, changed, held and cleared; first into a channel that others are
in, then into one that is the committee's alone. After every knock all that stands in Slack is looked at.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.meeting import Face, Meeting, Stage, build_agenda, totals
from bot.domain.presentation import Kind, Presentation, State
from bot.rules import DEFAULT, read_rules
from bot.texts import texts
from bot.usecases.post_words import Post
from bot.views import agenda as agenda_views
from bot.views import meeting as desk_views
from storage.engine import Database
from tests.support.databases import Databases
from tests.support.made_up import made
from tests.support.office import OfficeTown, readable
from tests.usecases.test_agendas import CLOSED

STORM = bool(os.environ.get("INDGANG_STORM"))
WEEKS = 52 if STORM else 2
KINDS = (
    Kind.NEW,
    Kind.FOLLOW_UP,
    Kind.CHANGE,
    Kind.DOUBT,
    Kind.FRAME_CHANGE,
    Kind.CLOSURE,
    Kind.CONTINUED_SUPPORT,
)
HOW_OFTEN = (8, 12, 3, 2, 3, 2, 2)
OTHERS = replace(CLOSED, members=(*CLOSED.members, "U0PETER001", "U0JENS0001"))
COUNTS = (0, 1, 2, 4, 5, 6, 7) if STORM else (4,)
COME_LATER = (0, 0, 1) if STORM else (1,)
MORE_DAYS = (0, 1, 3) if STORM else (1,)
"""Of the week, besides Monday at eight: what comes later, the lock, the meeting."""
CHANNEL_DAYS, DM_DAYS = 14, 30

ALIAS = re.compile(r"»([^«]+)«")
CLOCK = re.compile(r"(?<![\d-])(\d{1,2})\.(\d{2})(?![\d.])")
GROUP = re.compile(r"(\d+) (?:nye?|opfølgning(?:er)?|øvrige)\b")


@dataclass
class Stands:
    """A message in Slack: since when, and for the channel of which meeting."""

    at: date
    meeting: Meeting | None


@dataclass
class Year:
    town: OfficeTown
    chance: random.Random = field(default_factory=lambda: random.Random(15))
    faults: Counter[str] = field(default_factory=Counter)
    looked: Counter[str] = field(default_factory=Counter)
    _stands: dict[tuple[str, str], Stands] = field(default_factory=dict)

    def live(self, weeks: int) -> Year:
        self.aliases: set[str] = set()
        self.now: Meeting | None = None
        for number in range(weeks):
            self.town.slack.seen[demo.OPEN_CHANNEL] = OTHERS if number < max(weeks // 2, 1) else CLOSED
            self._week()
        return self

    def _week(self) -> None:
        town = self.town
        meeting = self.now = town.next_meetings(1)[0]
        items = [self._placed(meeting) for _ in range(self.chance.choice(COUNTS))]
        monday = meeting.day - timedelta(days=meeting.day.weekday())
        town.jump_to(monday, time(7, 50))
        before = self._preview(meeting)
        self._until(monday, time(8, 0))
        self._compare(before, meeting)
        items += [self._placed(meeting) for _ in range(self.chance.choice(COME_LATER))]
        for day in MORE_DAYS:
            self._until(monday + timedelta(days=day), time(13, 7))
        self._over(items)
        self._until(meeting.day + timedelta(days=1), time(7, 0))

    def _placed(self, meeting: Meeting) -> Presentation:
        placed: Presentation = self.town.referred(meeting=meeting.id)
        kind = self.chance.choices(KINDS, HOW_OFTEN)[0]
        with self.town.house.storage.open_work(at=self.town.clock.at) as work:
            self.aliases.add(work.cases.get(placed.case_id).alias)
            work.presentations.save(replace(work.presentations.get(placed.id), kind=kind))
        return placed

    def _over(self, items: list[Presentation]) -> None:
        """Decided, so that next week begins with its own."""
        with self.town.house.storage.open_work(at=self.town.clock.at) as work:
            for item in items:
                work.presentations.save(replace(work.presentations.get(item.id), state=State.DECIDED))

    def _until(self, day: date, clock: time) -> None:
        self.town.jump_to(day, clock)
        self.town.knock()
        self.look()

    # --- what stands in Slack ---

    def look(self) -> None:
        today = self.town.today
        for place, message in self.town.slack.messages.items():
            in_channel = message["to"] == demo.OPEN_CHANNEL
            stands = self._stands.setdefault(place, Stands(today, self.now if in_channel else None))
            said = readable(message["blocks"])
            named = {a for a in ALIAS.findall(said) if a in self.aliases}
            if in_channel:
                self._look_at_the_post(said, stands)
            self.looked["in the channel" if in_channel else "to a person"] += 1
            limit = CHANNEL_DAYS if in_channel else DM_DAYS
            since = stands.meeting.day if stands.meeting else stands.at
            if named and (today - since).days > limit:
                self.faults[f"alias after {limit} days"] += 1

    def _look_at_the_post(self, said: str, stands: Stands) -> None:
        assert stands.meeting is not None
        if self.town.slack.seen[demo.OPEN_CHANNEL] == CLOSED and "🔒" in said:
            self.looked["closed faces"] += 1
            return
        self.looked["open faces"] += 1
        found = told_by(said, self.aliases, stands.meeting)
        if found and not self.faults:
            print(f"first seen on {self.town.today}: {dict(found)} in\n{said}")
        self.faults.update(found)

    # --- the secretary ---

    def _preview(self, meeting: Meeting) -> str:
        town = self.town
        found = town.office.posts.preview(town.asked("Lone Ager", once=False), meeting.id)
        view = desk_views.preview(
            found, texts("da").on(town.today), town.house.rules.on(town.today), meeting=meeting.id
        )
        return readable(view["blocks"])

    def _compare(self, before: str, meeting: Meeting) -> None:
        """All that the channel got stood in what the secretary was shown ten minutes earlier; only the clock is new."""
        (posted,) = [
            readable(m["blocks"])
            for place, m in self.town.slack.messages.items()
            if m["to"] == demo.OPEN_CHANNEL and self._stands[place].meeting is meeting
        ]
        self.looked["posts"] += 1
        unseen = [line for line in posted.splitlines() if line not in before and "kl. 8.00" not in line]
        if unseen:
            self.faults["posted what the secretary had not seen"] += 1


def told_by(said: str, aliases: set[str], meeting: Meeting) -> Counter[str]:
    """What an open face gives away."""
    found: Counter[str] = Counter()
    found["alias in the open face"] = sum(a in said for a in aliases)
    found["kind of fewer than three"] = sum(int(n) < 3 for n in GROUP.findall(said))
    public = {
        meeting.starts,
        meeting.ends_clock,
        time(9, 5),
        time(9, 10),
        time(12, 0),
        time(8, 0),
        time(13, 7),
    }
    shown = {time(int(h), int(m)) for h, m in CLOCK.findall(said) if int(h) < 24 and int(m) < 60}
    found["clock time of one item"] = len(shown - public)
    return +found


def test_what_an_open_face_may_not_say_is_seen_in_it() -> None:
    meeting = Meeting("m", "c", date(2026, 11, 19), time(9, 0), 120, "Lokale 2")
    fine = "*6 sager:* 3 opfølgninger og 3 øvrige\n*3–8*  kl. 9.10  Sager\nkl. 9.00–11.00 · frist kl. 12.00"
    assert told_by(fine, {"Bogfinke"}, meeting) == Counter()
    assert told_by(f"{fine}\nBogfinke\n2 nye\nkl. 9.35", {"Bogfinke"}, meeting) == Counter(
        {"alias in the open face": 1, "kind of fewer than three": 1, "clock time of one item": 1}
    )


@pytest.fixture
def town(databases: Databases, tmp_path: Any) -> Iterator[OfficeTown]:
    database = Database(databases.fresh("sqlite", tmp_path, settle=OfficeTown))
    yield OfficeTown(database)
    database.close()


@pytest.mark.rule("D6", "D34", "R139")
def test_nothing_is_told_in_the_open_and_nothing_is_left_standing(town: OfficeTown) -> None:
    """Two weeks in `make test`, a year in `make storm`; and what is looked for is seen while nobody clears it away."""
    year = Year(town).live(WEEKS)
    print(f"15 safe: {WEEKS} weeks, looked at {dict(year.looked)}; found {dict(year.faults)}")
    assert year.looked["posts"] == WEEKS
    assert year.looked["closed faces"] and year.looked["open faces"]
    assert year.faults == Counter()
    town.jump(days=40)
    year.look()
    assert set(year.faults) == {"alias after 14 days", "alias after 30 days"}, "or the eye is blind"
    town.knock()
    year.faults.clear()
    year.look()
    assert [fault for fault in year.faults if fault.startswith("alias")] == []


# --- the attacker, who knows the rules, how often each kind comes, and the post ---

AGENDAS = 20_000 if STORM else 800
AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
RULES = read_rules(DEFAULT).on(AT.date())


@dataclass(frozen=True)
class Seen:
    """One agenda: its cases' kinds, and what is seen of them."""

    kinds: tuple[Kind, ...]
    totals: str  # what is printed: how many, of which broad kind, how many are ready
    face: str  # the whole post
    end: str  # planted: when the cases are over
    times: str  # planted: when each begins


def agendas(count: int) -> Iterator[Seen]:
    """By chance, as the open channel gets them; everything in them but the cases is always the same."""
    chance = random.Random(151)
    codes = {"area": "social", "payer": "social", "purpose": "transport", "measure": "mentor_support"}
    plain: Post = made(Post, "", text="x", codes=codes, at=AT)
    meeting = replace(plain.view.meeting, day=date(2026, 11, 19), starts=time(9, 0), minutes=120)
    line = plain.view.lines[0]
    item = replace(line.item.presentation, position=None, minutes=None, in_writing=False)
    for number in range(count):
        kinds = tuple(chance.choices(KINDS, HOW_OFTEN, k=chance.choice((3, 4, 5, 6, 7, 8))))
        items = tuple(
            replace(item, id=f"{number}-{n}", kind=kind, state=chance.choice((State.READY, State.REFERRED)))
            for n, kind in enumerate(kinds)
        )
        agenda = build_agenda(meeting, items, RULES.agenda)
        lines = tuple(replace(line, item=i) for i in agenda.items)
        view = replace(plain.view, agenda=agenda, stage=Stage.PRELIMINARY, lines=lines, next_meeting=None)
        post = replace(plain, view=view, face=Face.OPEN, stage=Stage.PRELIMINARY, change=None, late_at=None)
        sums = totals(kinds, smallest=RULES.agenda.smallest_group)
        yield Seen(
            kinds,
            f"{sums.all} {sums.groups} {agenda.ready_count}",
            readable(agenda_views.post(post, texts("da"), RULES)["blocks"]),
            f"{agenda.practice_at}",
            f"{[i.starts for i in agenda.items]}",
        )


def guessed(see: Callable[[Seen], str], told: list[Seen]) -> float:
    """How often a Bayesian who has learnt from one half names the kind of a case drawn from the other half.

    What was seen seldom or never is guessed by the printed totals: so more to look at never makes the guess worse.
    """
    half = len(told) // 2
    learnt: dict[str, Counter[Kind]] = defaultdict(Counter)
    by_totals: dict[str, Counter[Kind]] = defaultdict(Counter)
    for one in told[:half]:
        learnt[see(one)].update(one.kinds)
        by_totals[one.totals].update(one.kinds)
    right = asked = 0
    for one in told[half:]:
        before, now = by_totals[one.totals], learnt[see(one)]
        weight = before.total() or 1
        best = max(KINDS, key=lambda k: now[k] + SHY * before[k] / weight)
        right += one.kinds.count(best)
        asked += len(one.kinds)
    return right / asked


SHY = 5.0
"""As many cases as the printed totals weigh against what was seen."""


@pytest.fixture(scope="module")
def told() -> list[Seen]:
    return list(agendas(AGENDAS))


@pytest.mark.rule("D6", "R139")
def test_the_open_face_helps_no_guess_beyond_its_printed_totals(told: list[Seen]) -> None:
    found = {
        "the commonest kind": guessed(lambda _: "", [replace(t, totals="") for t in told]),
        "the printed totals": guessed(lambda t: t.totals, told),
        "the open face": guessed(lambda t: t.face, told),
        "planted: when the cases end": guessed(lambda t: t.face + t.end, told),
        "planted: when each begins": guessed(lambda t: t.face + t.times, told),
    }
    for what, share in found.items():
        print(f"15 a case's kind is guessed from {what}: {share:.1%} of {AGENDAS} agendas")
    without, with_it, by_the_end, by_each = list(found.values())[1:]
    assert with_it == without
    assert without < by_the_end < by_each, "or the attacker is blind"


@pytest.mark.rule("D6")
def test_what_the_open_face_says_follows_from_its_printed_totals(told: list[Seen]) -> None:
    """No sign in it varies by anything else, so that no other attacker can learn more."""
    faces: dict[str, set[str]] = defaultdict(set)
    for one in told:
        faces[one.totals].add(one.face)
    assert {said for said in faces if len(faces[said]) > 1} == set()
