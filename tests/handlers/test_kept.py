"""No form starts from nothing after an interruption (D37, criterion 9): Esc, a kill and a restart at every field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import event, select

from bot.domain.case import AgeBand
from bot.domain.names import NameList
from bot.texts import Privacy, Said
from bot.views import filling, kit
from bot.views.kit import Choice
from handlers import table
from handlers.keeping import GO_ON, KEEP_NOTHING
from storage import tables as t
from storage.engine import Database
from storage.sealing import new_key
from tests.support.frames import active_case
from tests.support.hands import Hands, another
from tests.support.office import OfficeTown

MAJA = "U0MAJA0001"
KEY = new_key()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/kept.db")
    t.metadata.create_all(database.writing)
    return database


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database, key=KEY, names=NameList(frozenset({"torkild"})))


def started_again(town: OfficeTown) -> OfficeTown:
    """Another process over the same database, at the same hour."""
    again = OfficeTown(town.house.storage.database, key=KEY, settle=lambda _: None)
    again.clock.at = town.clock.at
    return again


def new_case(_: OfficeTown) -> Callable[[Hands], None]:
    return lambda hands: hands.types("/sag", "ny")


def referral(town: OfficeTown, band: AgeBand = AgeBand.YOUTH) -> Callable[[Hands], None]:
    case = town.registered("Maja Holm", band=band).id
    return lambda hands: hands.presses("referral.open", case)


def use_of_the_frame(town: OfficeTown) -> Callable[[Hands], None]:
    case, _ = active_case(town)
    return lambda hands: hands.presses("frame.open", case.id)


def follow_up(town: OfficeTown) -> Callable[[Hands], None]:
    _, presentation = active_case(town)
    return lambda hands: hands.presses("follow_up.open", presentation)


FORMS: dict[str, Callable[[OfficeTown], Callable[[Hands], None]]] = {
    "case.new": new_case,
    "referral.request": referral,
    "referral.request of 15-17": lambda town: referral(town, AgeBand.TEENS),
    "referral.request of 30+": lambda town: referral(town, AgeBand.ADULT),
    "frame.use": use_of_the_frame,
    "follow_up.ready": follow_up,
}


@pytest.mark.rule("D37")
@pytest.mark.parametrize("form", FORMS)
def test_what_was_told_before_a_kill_is_there_after_the_restart_at_every_field(
    town: OfficeTown, form: str
) -> None:
    opens = FORMS[form](town)
    hands, told = Hands(town, MAJA), dict[str, Any]()
    opens(hands)
    while left := [name for name in hands.fields if name not in told]:
        told[left[0]] = another(hands.fields[left[0]]["element"], hands.answers[left[0]])
        hands.fills(left[0], told[left[0]])
        asked = list(hands.fields)
        other = next((n for n in hands.fields if n not in told), None)
        if other:  # in hand when the process dies, and never told
            hands.fills(other, another(hands.fields[other]["element"], hands.answers[other]), tells=False)
        town = started_again(town)
        hands = Hands(town, MAJA)
        opens(hands)
        assert (list(hands.fields), {name: hands.answers[name] for name in told}) == (asked, told)
    assert len(told) >= 3


@pytest.mark.rule("D37")
def test_what_was_in_hand_at_esc_is_there_where_slack_says_so(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills("band", "15-17", tells=False)
    hands.closes(says_what_stood=True)
    hands.types("/sag", "ny")
    assert (hands.answers["band"], hands.has_draft) == ("15-17", True)


@pytest.mark.rule("D37")
def test_a_form_that_is_only_looked_at_leaves_nothing(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.closes(says_what_stood=True)
    assert kept(town) == []


@pytest.mark.rule("D37")
def test_the_act_takes_its_draft_away_and_a_refused_one_leaves_it(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills_all()
    hands.fills("reference", "nonsense")
    hands.submits()
    assert (list(hands.refused), kept(town)) == (["reference"], [("case.new", "")])
    hands.fills("reference", "S2026-114711")
    hands.submits()
    assert hands.form["callback_id"] == "referral.request"
    assert kept(town) == []
    hands.types("/sag", "ny")
    assert (hands.answers["reference"], hands.has_draft) == (None, False)


@pytest.mark.rule("D37")
def test_a_choice_that_is_heard_after_the_form_was_sent_does_not_bring_it_back(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills_all()
    hands.fills("reference", "S2026-114711")
    late, stood = hands._told(), list(hands.stack)
    hands.submits()
    hands.stack = stood
    hands._hears("action", {"actions": [chosen("band", "9999999999")], "view": late})
    assert kept(town) == []


@pytest.mark.rule("D37")
def test_of_two_choices_the_later_stands_whichever_is_heard_last(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills("band", "15-17", tells=False)
    overtaken = {"view": hands._told()}
    hands.fills("band", "30+")
    hands._hears("action", {"actions": [chosen("band", "0000000001")], **overtaken})
    hands.types("/sag", "ny")
    assert hands.answers["band"] == "30+"


@pytest.mark.rule("D37")
def test_a_letter_is_kept_with_the_next_where_the_next_waits_and_a_choice_never_waits(
    town: OfficeTown,
) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.border._in_order.more_comes = lambda _: True  # type: ignore[method-assign]
    hands.fills("reference", "S2026-114711")
    assert kept(town) == []
    hands.fills("band", "15-17")
    hands.types("/sag", "ny")
    assert (hands.answers["reference"], hands.answers["band"]) == ("S2026-114711", "15-17")


@pytest.mark.rule("D37")
def test_a_use_booked_all_the_same_beside_its_form_leaves_nothing_to_go_on_with(town: OfficeTown) -> None:
    opens = use_of_the_frame(town)
    hands = Hands(town, MAJA)
    for _ in range(2):
        opens(hands)
        hands.fills("amount", "450")
        hands.submits()
    opens(hands)
    assert hands.answers["amount"] == "450"  # it looked like the same bus card again
    hands.stack = hands.stack[:1]
    hands.presses("frame.anyway", hands_case(town), inside=True)
    opens(hands)
    assert (hands.answers["amount"], hands.has_draft) == (None, False)


@pytest.mark.rule("D37")
@pytest.mark.parametrize("form", FORMS)
def test_a_draft_is_put_in_without_writing_anything(town: OfficeTown, form: str) -> None:
    opens = FORMS[form](town)
    hands = Hands(town, MAJA)
    opens(hands)
    hands.fills_all()
    began: list[Any] = []
    event.listen(town.house.storage.database.writing, "begin", began.append)
    opens(hands)
    assert (hands.has_draft, began) == (True, [])


@pytest.mark.rule("D12", "D37")
@pytest.mark.parametrize("text", ["010190-1234", "ring på 22 33 44 55", "Torkild"])
def test_what_would_be_refused_or_asked_about_is_not_kept(town: OfficeTown, text: str) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills("band", "15-17")
    hands.fills("reference", text)
    hands.types("/sag", "ny")
    assert (hands.answers["reference"], hands.answers["band"]) == (None, "15-17")


@pytest.mark.rule("D37")
def test_a_draft_is_ones_own_and_of_its_own_case(town: OfficeTown) -> None:
    opens, other = referral(town), referral(town)
    hands = Hands(town, MAJA)
    opens(hands)
    hands.fills("urgent", "yes")
    other(hands)
    assert (hands.answers["urgent"], hands.has_draft) == ("no", False)
    opens(hands)
    assert (hands.answers["urgent"], hands.has_draft) == ("yes", True)


@pytest.mark.rule("D37")
@pytest.mark.parametrize("form", ["referral.request", "frame.use"])
def test_begin_afresh_gives_the_form_as_it_was_and_it_goes_on_from_there(town: OfficeTown, form: str) -> None:
    opens = FORMS[form](town)
    hands = Hands(town, MAJA)
    opens(hands)
    fresh, filled = hands.answers, hands.fills_all()
    opens(hands)
    hands.presses("draft.again", inside=True)
    assert (hands.answers, hands.has_draft, kept(town)) == (fresh, False, [])
    assert hands.fills_all() == filled
    hands.closes(says_what_stood=False)
    opens(hands)
    assert hands.answers == filled


@pytest.mark.rule("D37")
def test_the_form_says_from_when_the_draft_is_in_the_persons_language(town: OfficeTown) -> None:
    hands = Hands(town, MAJA)
    hands.types("/sag", "ny")
    hands.fills("band", "15-17")
    hands.types("/sag", "ny")
    line = hands.form["blocks"][0]
    assert (line["text"]["text"], line["accessory"]["text"]["text"]) == (
        "Din kladde fra kl. 7.50 er sat ind.",
        "Begynd forfra",
    )
    town.jump(days=1)
    hands.types("/sag", "ny")
    assert hands.form["blocks"][0]["text"]["text"] == (
        "Din kladde fra mandag 16. november kl. 7.50 er sat ind."
    )


def test_what_can_no_longer_be_chosen_gives_way_to_what_the_form_proposes() -> None:
    field = kit.radio([choice("a"), choice("b")], initial="a")
    view = (
        kit.Page(kit.Surface.MODAL)
        .input("x", said("?"), field)
        .modal(title=said("!"), callback="c", submit=said("!"))
    )
    assert filling.standing(filling.filled(view, {"x": "gone"})) == {"x": "a"}
    assert filling.standing(filling.filled(view, {"x": "b"})) == {"x": "b"}


def test_every_field_that_can_be_built_can_be_put_in_again() -> None:
    """A new kind of field is found here before anybody loses what stood in it."""
    of_choices = ([choice("a"), choice("b")],)
    fields = {
        "text_field": kit.text_field(most=50),
        "date_picker": kit.date_picker(),
        "time_picker": kit.time_picker(),
        "person_select": kit.person_select(),
        "people_select": kit.people_select(),
        "channel_select": kit.channel_select(),
        **{n: getattr(kit, n)(*of_choices) for n in ("radio", "checkboxes", "select", "multi_select")},
    }
    built = {
        n for n, made in vars(kit).items() if getattr(made, "__annotations__", {}).get("return") == "Field"
    }
    assert set(fields) == built
    for name, field in fields.items():
        view = (
            kit.Page(kit.Surface.MODAL)
            .input("x", said("?"), field)
            .modal(title=said("!"), callback="c", submit=said("!"))
        )
        value = another(view["blocks"][0]["element"], None)
        value = ["a"] if name in ("checkboxes", "multi_select") else value
        assert filling.standing(filling.filled(view, {"x": value})) == {"x": value}, name


def test_every_form_keeps_but_those_that_say_why_not() -> None:
    known = {
        key.removeprefix("submit:") for key in table(Mock(), Mock(), Mock()) if key.startswith("submit:")
    }
    assert set(KEEP_NOTHING) <= known
    assert known >= GO_ON
    assert all(len(why) > 20 for why in KEEP_NOTHING.values())


def chosen(field: str, heard: str) -> dict[str, str]:
    return {"action_id": "v", "block_id": field, "type": "radio_buttons", "action_ts": heard}


def hands_case(town: OfficeTown) -> str:
    return town.office.frames.usable(town.asked("Maja Holm"))[0].id


def kept(town: OfficeTown) -> list[tuple[str, str]]:
    with town.house.storage.database.reading.connect() as connection:
        return [(r.form, r.subject) for r in connection.execute(select(t.drafts.c.form, t.drafts.c.subject))]


def said(text: str) -> Said:
    return Said(text, Privacy.P0)


def choice(value: str) -> Choice:
    return Choice(said(value), value)
