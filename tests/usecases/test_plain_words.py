"""Every row of what is typed to the bot, in both languages; and that no words ever change anything (A10, D38)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.case import CaseNotFound
from bot.domain.intents import _PHRASES, Intent
from bot.domain.money import Kroner
from bot.usecases.conversation import MeantUse
from bot.usecases.frame_facts import Use
from handlers.frames import FrameDesk
from handlers.messages import MessageDesk
from handlers.requests import Request
from storage.engine import Database
from storage.tables import metadata
from tests.support.frames import active_case
from tests.support.office import OfficeTown

MAJA = "Maja Holm"
MAY_CHANGE = {"notices", "intake", "numbers", "lanes"}
"""What an answer that is owed is written in, and that Slack took it; no row of casework."""


def says(town: OfficeTown, text: str, who: str = MAJA) -> str:
    asked = town.asked(who)
    frames = FrameDesk(town.office, town.house.rules)
    desk = MessageDesk(town.office, town.house.rules, frames)
    payload = {"event": {"channel_type": "im"}}
    request = Request("event", "message", asked.by, asked.at, None, payload, asked.key, text=text)  # type: ignore[arg-type]
    desk.heard(request)
    town.deliver()
    return town.heard(asked.by)[-1]


@pytest.mark.rule("D38")
@pytest.mark.parametrize(
    "text",
    ["450 kr bus på {alias}", "{alias} 450 kr. bus", "450 dkk bus on {alias}", "bus {alias} 450,00 kr"],
)
def test_a_use_in_plain_words_is_echoed_with_a_button_and_not_booked(town: OfficeTown, text: str) -> None:
    case, _ = active_case(town)
    said = says(town, text.format(alias=case.alias.casefold()))
    assert said.startswith(f"450,00 kr. til befordring på »{case.alias}«?")
    assert said.splitlines()[-2:] == ["Registrér", "Ret"]
    with town.work() as work:
        frame = work.frames.open_of(case.id)
        assert frame is not None
        assert frame.used == Kroner(0)
        (owed,) = work.notices.showing("reply")
    meant = town.office.conversation.meant_use(town.asked(MAJA, once=False), owed.key)
    assert meant == MeantUse(case.id, Use(Kroner(45_000), "transport", town.today))
    with pytest.raises(CaseNotFound):
        town.office.conversation.meant_use(town.asked("Ali Demir", once=False), owed.key)


@pytest.mark.rule("D38")
@pytest.mark.parametrize(
    ("who", "text", "doors"),
    [
        (MAJA, "ferie uge 7", ["Jeg er væk"]),
        ("Ali Demir", "jeg er syg", ["Meld afbud", "Jeg er væk"]),
        (MAJA, "det haster", ["Ny sag", "Find sag"]),
        ("Lone Ager", "aflys mødet", ["Find sag", "Aflys mødet"]),
        (MAJA, "kvantemekanik", ["Registrér forbrug", "Ny sag", "Find sag"]),
        ("Jens Toft", "hej", ["Venter på dig", "Find sag", "Hjælp"]),
    ],
)
def test_what_would_change_something_is_only_ever_a_door(
    town: OfficeTown, who: str, text: str, doors: list[str]
) -> None:
    assert says(town, text, who).splitlines()[-len(doors) :] == doors


@pytest.mark.rule("D38")
def test_what_is_urgent_is_asked_for_on_the_case_that_is_not_sent(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    assert f"Haster: »{case.alias}«" in says(town, "akut")
    assert f"Haster: »{case.alias}«" in says(town, f"det haster med {case.alias}")


PHRASES = st.sampled_from([phrase for _, phrases in _PHRASES for phrase in phrases])
WORDS = st.one_of(
    PHRASES,
    st.sampled_from(["26-0001", "4711", "alle sager", "isfugl", "drop table cases", "450 kr", "bus", "ja"]),
    st.text(max_size=20),
)


def everything(database: Database) -> dict[str, Any]:
    with database.reading.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in metadata.sorted_tables
            if table.name not in MAY_CHANGE
        }


@pytest.mark.rule("D38")
def test_no_free_text_ever_changes_a_row(town: OfficeTown) -> None:
    """Whatever is written, in any order: cases, frames, people, drafts, journal and all else stay as they were."""
    case, _ = active_case(town)
    town.registered(MAJA)
    database = town.house.storage.database
    before = everything(database)

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(st.lists(st.one_of(WORDS, st.just(case.alias)), max_size=5))
    def write(words: list[str]) -> None:
        says(town, " ".join(words))

    write()
    assert everything(database) == before


def test_every_intent_has_an_answer_in_both_languages(town: OfficeTown) -> None:
    from bot.texts import texts
    from bot.usecases.conversation import Reply
    from bot.views.conversation import reply

    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        for intent in Intent:
            shown = reply(Reply(intent, town.person(MAJA)), texts(language), rules)
            assert shown["blocks"], intent
            assert SimpleNamespace(**shown).text
