"""Each list of reasons is the rules file's: what it adds is offered and read, what it leaves out is read for ever (D8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.domain.case import AgeBand
from bot.domain.choices import CLOSED, KNOWN, NEEDED, WORDS
from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA
from bot.rules import DEFAULT, Book, read_rules
from bot.texts import texts
from bot.usecases.closings import ClosingWish
from bot.usecases.frame_facts import Use
from bot.usecases.referrals import Wish
from bot.views import case as case_views
from bot.views.referral import offered
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import next_meeting, ready

MAJA, JENS, LONE, ALI, DITTE = "Maja Holm", "Jens Toft", "Lone Ager", "Ali Demir", "Ditte Lund"
GROWING = tuple(name for name in KNOWN if name not in CLOSED)
OLD, NEW = "foer", "efter"
"""A code of the municipality's own that only the first version offers, and one that only the second does."""


def words_of(code: str, name: str) -> dict[str, str]:
    number = list(KNOWN).index(name)
    return {"da": f"grund {code} {number}", "en": f"reason {code} {number}"}


def own(code: str, name: str) -> str:
    said = words_of(code, name)
    return f"{{code: {code}, names: {{da: {said['da']}, en: {said['en']}}}}}"


def two_versions(folder: Path) -> Path:
    """From the story's second day `foer` is gone from every list, and so is the first code the program can do without."""
    old = new = DEFAULT.read_text(encoding="utf-8")
    for name in GROWING:
        foer, efter = own(OLD, name), own(NEW, name)
        old = re.sub(rf"^  {name}: \[", f"  {name}: [{foer}, ", old, count=1, flags=re.MULTILINE)
        new = re.sub(rf"^  {name}: \[", f"  {name}: [{efter}, ", new, count=1, flags=re.MULTILINE)
        new = re.sub(
            rf'^(  {name}: \[.*?)"?\b{leaves(name)}\b"?(?:, |(?=\]))', r"\1", new, count=1, flags=re.MULTILINE
        )
    new = new.replace('version: "3"', 'version: "4"').replace("2026-10-01", "2026-11-17", 1)
    (folder / "ny.yaml").write_text(new, encoding="utf-8")
    path = folder / "regler.yaml"
    path.write_text(old.replace("other_versions: []", "other_versions: [ny.yaml]"), encoding="utf-8")
    return path


def leaves(name: str) -> str:
    return next(code for code in KNOWN[name] if code not in NEEDED[name])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return read_rules(two_versions(tmp_path_factory.mktemp("rules")))


@pytest.mark.rule(
    "D8", "R019", "R022", "R035", "R047", "R056", "R061", "R072", "R083", "R143", "T02", "T14", "T30"
)
@pytest.mark.parametrize("name", GROWING)
def test_a_list_offers_what_the_file_of_the_day_names_and_holds_what_was_chosen(
    book: Book, name: str
) -> None:
    before, now = book.on(date(2026, 11, 16)), book.on(date(2026, 11, 17))
    kept = tuple(code for code in KNOWN[name] if code != leaves(name))
    for language in ("da", "en"):
        said = texts(language, book.own_words)
        known = [str(said.term(WORDS[name], code)) for code in kept]
        gone, foer, efter = leaves(name), words_of(OLD, name)[language], words_of(NEW, name)[language]
        assert [str(c.text) for c in offered(said, now, name)] == [efter, *known]
        assert [str(c.text) for c in offered(said, now, name, held=OLD)] == [efter, *known, foer]
        assert [c.value for c in offered(said, now, name, held=gone)] == [NEW, *kept, gone]
        assert [c.value for c in offered(said, before, name)] == [OLD, *KNOWN[name]]
        assert str(said.term(WORDS[name], gone)) == str(texts(language).term(WORDS[name], gone))
        assert str(said.about(AgeBand.ADULT).term(WORDS[name], NEW)) == efter
        assert said.say("report", "column_postpone_reason", reason=NEW) == words_of(NEW, "postpone")[language]
        assert str(said.term(WORDS[name], "glemt")) == "glemt", "a code no file knows any more"


Act = Callable[[OfficeTown, str], str]
"""Chooses the code somewhere; gives the case whose log says so."""


def withdrawn(town: OfficeTown, code: str) -> str:
    item = town.requested(MAJA)
    town.office.referrals.withdraw(town.asked(MAJA), item.id, reason=code)
    return item.case_id


def urgent(town: OfficeTown, code: str) -> str:
    return town.office.urgent.ask(town.asked(MAJA), town.referred(MAJA).id, reason=code).case_id


def returned(town: OfficeTown, code: str) -> str:
    return town.office.referrals.return_(town.asked(JENS), town.requested(MAJA).id, missing=(code,)).case_id


def declined(town: OfficeTown, code: str) -> str:
    asked, item = town.asked(JENS), town.requested(MAJA)
    return town.office.referrals.decline(
        asked, item.id, reason=code, area="social", contact="U0MAJA0001"
    ).case_id


def exempted(town: OfficeTown, code: str) -> str:
    asked, item = town.asked(JENS), town.requested(MAJA)
    how = {"collector": None, "meeting_id": None, "excluded": True, "exemption": code}
    return town.office.referrals.refer(asked, item.id, **how).case_id  # type: ignore[arg-type]


def taken_off(town: OfficeTown, code: str) -> str:
    item = town.referred(MAJA, meeting=town.next_meetings(2)[-1].id)
    return town.office.agendas.take_off(town.asked(LONE), item.id, reason=code).case_id


def cancelled(town: OfficeTown, code: str) -> str:
    return town.office.cases.cancel(town.asked(MAJA), town.registered(MAJA).id, reason=code).id


def without_plan(town: OfficeTown, code: str) -> str:
    return town.office.target_group.no_plan(
        town.asked(MAJA), town.registered(MAJA).id, reason=code, on=town.today
    ).id


def moved(town: OfficeTown, code: str) -> str:
    case, item = active_case(town)
    meeting = town.next_meetings(3)[-1].id
    town.office.follow_ups.ask_new_date(town.asked(MAJA), item, meeting_id=meeting, reason=code)
    return case.id


def reopened(town: OfficeTown, code: str) -> str:
    case = declined(town, "other")
    wish = Wish(criteria=CRITERIA)
    town.office.reopening.reopen(town.asked(JENS), case, reason=code, presenter=None, wish=wish)
    return case


def held(town: OfficeTown, code: str) -> str:
    return town.office.retention.hold(town.asked(DITTE), town.registered(MAJA).key, reason=code).id


def questioned(town: OfficeTown, code: str) -> str:
    item = ready(town, next_meeting(town))
    town.office.item_questions.ask(town.asked(ALI), item.id, code)
    return item.case_id


def answered(town: OfficeTown, code: str) -> str:
    item = ready(town, next_meeting(town))
    line = town.office.item_questions.ask(town.asked(ALI), item.id, "law").line
    assert line is not None
    town.office.item_questions.answer(town.asked(MAJA), item.id, line.id, code)
    return item.case_id


def advised(town: OfficeTown, code: str) -> str:
    case, _ = active_case(town)
    town.office.gatherings.ask_advice(town.asked(MAJA), case.id, where="youth", question=code)
    return case.id


def closed(town: OfficeTown, code: str) -> str:
    case, _ = active_case(town)
    town.office.closings.ask(town.asked(MAJA), case.id, ClosingWish(closing=code))
    return case.id


def anchored(town: OfficeTown, code: str) -> str:
    case = town.registered(MAJA).id
    return town.office.anchorings.assess(town.asked(MAJA), case, chosen=(), area="youth", reason=code).id


def corrected(town: OfficeTown, code: str) -> str:
    case, _ = active_case(town)
    used = town.office.frames.use(town.asked(MAJA), case.id, Use(Kroner.of(300), "transport", town.today))
    town.office.frames.correct(town.asked(MAJA), used.entry.id, reason=code)
    return case.id


def framed_anew(town: OfficeTown, code: str) -> str:
    case, _ = active_case(town)
    more = {"amount": Kroner.of(45_000), "purposes": ("transport",)}
    return town.office.frames.ask_new(town.asked(MAJA), case.id, reason=code, **more).case_id  # type: ignore[arg-type]


ACTS: dict[str, Act] = {
    "withdraw": withdrawn,
    "urgent": urgent,
    "missing": returned,
    "decline": declined,
    "exemption": exempted,
    "postpone": taken_off,
    "cancel_case": cancelled,
    "no_plan": without_plan,
    "move": moved,
    "reopen": reopened,
    "hold": held,
    "item_questions": questioned,
    "item_answers": answered,
    "advice_questions": advised,
    "closing": closed,
    "anchor": anchored,
    "correction": corrected,
    "new_frame": framed_anew,
}


def log_of(town: OfficeTown, case: str) -> dict[str, str]:
    with town.work() as work:
        reader = work.people.get(work.cases.get(case).caseworker)
    view, rules = town.office.cases.show(town.asked(reader, once=False), case), town.house.rules
    return {
        language: readable(
            case_views.history(texts(language, rules.own_words), rules.on(town.today), view)["blocks"]
        )
        for language in ("da", "en")
    }


@pytest.mark.rule(
    "D8", "R019", "R022", "R035", "R037", "R071", "R083", "R118", "R125", "T02", "T11", "T14", "T30", "T31"
)
@pytest.mark.parametrize("engine", ["sqlite"])  # nothing here is of a database's own kind
def test_a_reason_of_the_towns_own_is_taken_while_it_is_offered_and_read_ever_after(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(database, rules_path=two_versions(tmp_path))
    old = {name: act(town, OLD) for name, act in ACTS.items()}
    town.jump(minutes=11)  # what could be undone is told now
    town.deliver()
    for who, name in ((MAJA, "decline"), (MAJA, "postpone"), (LONE, "move")):
        assert any(words_of(OLD, name)["da"] in said for said in town.heard(town.person(who))), name
    town.jump(days=1)
    new = {name: act(town, NEW) for name, act in ACTS.items()}
    assert taken(town, OLD) == UNCHECKED, "what is not offered that day is refused"
    unread = [
        (name, code, language)
        for code, cases in ((OLD, old), (NEW, new))
        for name, case in cases.items()
        for language, log in log_of(town, case).items()
        if words_of(code, name)[language] not in log
    ]
    assert unread == []


UNCHECKED = {"move", "missing", "anchor", "correction", "new_frame"}
"""Lists whose form alone decides."""


def taken(town: OfficeTown, code: str) -> set[str]:
    """The lists a code is accepted in."""
    found = set()
    for name, act in ACTS.items():
        try:
            act(town, code)
        except Refusal:
            continue
        found.add(name)
    return found
