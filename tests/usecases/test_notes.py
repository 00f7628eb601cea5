"""Notes for the case system: composed from what was done, shown to be copied, ticked off."""

from __future__ import annotations

import pytest

from bot.domain.amendment import Amendment
from bot.domain.case import CaseNotFound
from bot.domain.journal import NothingToJournal
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.notes import Note, my_notes
from bot.views import note as views
from bot.views.kit import plain
from storage.journal import ACTS_TO_JOURNAL
from tests.support.office import OfficeTown, readable
from tests.support.session import MEMBERS, approved, next_meeting, ready

MAJA, JENS = "Maja Holm", "Jens Toft"


def note_of(town: OfficeTown, who: str, case_id: str, language: str = "da") -> str:
    note = town.office.notes.newest(town.asked(who), case_id)
    return plain(views.note_text(texts(language), town.house.rules.on(town.today), note))


def test_a_request_for_referral_has_a_note_with_its_ground_and_the_way_back(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    alias = town.office.cases.get(town.asked(MAJA), wish.case_id).alias
    assert note_of(town, MAJA, wish.case_id) == (
        "16-11-2026 kl. 7.50: Maja Holm (sagsbehandler, Socialområdet) bad om henvisning til koordinations- og"
        " visitationsudvalget. Grundlag: alle fire kriterier for målgruppen er vurderet og bekræftet.\n"
        f"Én Indgang: {alias} 26-0001"
    )
    assert note_of(town, MAJA, wish.case_id, "en").startswith("16 Nov 2026 7:50: Maja Holm (caseworker, ")


def test_a_leaders_note_is_written_in_the_leaders_role(town: OfficeTown) -> None:
    referred = town.referred(MAJA, JENS)
    said = note_of(town, JENS, referred.case_id)
    assert said.startswith("16-11-2026 kl. 7.50: Jens Toft (leder, Socialområdet) henviste sagen")


def test_notes_are_ticked_off_in_a_row(town: OfficeTown) -> None:
    town.requested(MAJA)
    missing = town.office.notes.missing(town.asked(MAJA))
    assert [n.act for n in missing] == ["case_registered", "referral_requested"]
    town.office.notes.mark(town.asked(MAJA), (missing[0].seq,))
    assert [n.act for n in town.office.notes.missing(town.asked(MAJA))] == ["referral_requested"]
    town.office.notes.mark(town.asked(MAJA), tuple(n.seq for n in missing))
    assert town.office.notes.missing(town.asked(MAJA)) == []
    assert town.office.notes.show(town.asked(MAJA), missing[0].seq).journaled


@pytest.mark.rule("D40")
def test_approved_minutes_are_a_note_of_the_cases_caseworker_and_a_new_version_is_one_more(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)

    def minutes() -> list[Note]:
        return [n for n in town.office.notes.missing(town.asked(MAJA, once=False)) if n.minutes]

    def in_home() -> int:
        with town.work() as work:
            return (
                my_notes(PartAsked(work, town.asked(MAJA, once=False), town.house.rules.on(town.today))) or 0
            )

    before = in_home()
    approved(town, meeting)
    (note,) = minutes()
    assert (in_home(), note.minutes) == (before + 1, (meeting.id, item.id))
    for language, word in (("da", "Referat"), ("en", "Minutes")):
        listed = readable(views.missing(texts(language), [note], meta="{}")["blocks"])
        assert f"{note.alias} · {word} · " in listed
    for other in (JENS, "Henrik Dahl"):
        assert not [n for n in town.office.notes.missing(town.asked(other)) if n.minutes]

    change = Amendment(participation="declined", attending=MEMBERS)
    town.office.amendments.amend(town.asked("Lone Ager"), meeting.id, item.id, change, seen=1)
    (newest,) = minutes()
    assert (newest.act, in_home()) == ("minutes_amended", before + 1), "the version before it is superseded"
    town.office.notes.mark(town.asked(MAJA), (newest.seq,))
    assert (minutes(), in_home()) == ([], before)
    assert town.office.amendments.note_of(town.asked(MAJA, once=False), meeting.id, item.id).journaled


def test_nobody_ticks_off_or_reads_anothers_notes(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    seqs = tuple(n.seq for n in town.office.notes.missing(town.asked(MAJA)))
    town.office.notes.mark(town.asked("Ali Demir"), seqs)
    assert len(town.office.notes.missing(town.asked(MAJA))) == 2
    for ask in (
        lambda: town.office.notes.show(town.asked("Ali Demir"), seqs[0]),
        lambda: town.office.notes.newest(town.asked("Ali Demir"), wish.case_id),
        lambda: town.office.notes.show(town.asked(MAJA), 99999),
    ):
        with pytest.raises(CaseNotFound):
            ask()


def test_a_shown_note_is_a_look_and_a_case_without_notes_says_so(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    town.office.notes.newest(town.asked(MAJA), wish.case_id)
    with town.work() as work:
        looks = [e.act for e in work.journal.of_case(wish.case_id, looks=True) if e.look]
    assert looks == ["note_shown"]
    assert NothingToJournal.text_key() == "nothing_to_journal"


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_act_that_belongs_in_the_case_system_has_its_own_words(language: str) -> None:
    assert [act for act in ACTS_TO_JOURNAL if not texts(language).has("journal", f"note_{act}")] == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_form_is_filled_in_and_the_list_can_be_ticked(town: OfficeTown, language: str) -> None:
    wish = town.requested(MAJA)
    rules = town.house.rules.on(town.today)
    note = town.office.notes.newest(town.asked(MAJA), wish.case_id)
    form = views.form(texts(language), rules, note, meta="{}")
    assert readable(form["blocks"][0]).startswith(note.alias), "which case it is for, where the note is long"
    assert form["blocks"][1]["element"]["initial_value"] == note_of(town, MAJA, wish.case_id, language)
    listed = views.missing(texts(language), town.office.notes.missing(town.asked(MAJA)), meta="{}")
    assert note.alias in readable(listed["blocks"])
