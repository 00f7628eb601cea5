"""What is written to the bot in plain words, and what it answers."""

from __future__ import annotations

import pytest

from bot.domain.intents import Intent
from tests.support.office import OfficeTown

MAJA = "Maja Holm"


def answer(town: OfficeTown, text: str, who: str = MAJA) -> str:
    town.office.conversation.hear(town.asked(who), text)
    town.deliver()
    return town.heard(town.person(who))[-1]


@pytest.mark.rule("D38")
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hej", Intent.HELP),
        ("Hjælp!", Intent.HELP),
        ("hjlæp", Intent.HELP),
        ("hello", Intent.HELP),
        ("hvad skal jeg i dag?", Intent.TODAY),
        ("what shall I do today", Intent.TODAY),
        ("hvornår er næste møde", Intent.MEETING),
        ("when am I on", Intent.MEETING),
        ("jeg er syg", Intent.AWAY),
        ("ferie uge 7", Intent.AWAY),
        ("det haster", Intent.URGENT),
        ("urgent!", Intent.URGENT),
        ("450 kr bus på isfugl", Intent.USE_FRAME),
        ("hvor meget er der tilbage på isfugl", Intent.LEFT),
        ("how much is left on isfugl", Intent.LEFT),
        ("hvem er bogfinke", Intent.WHO),
        ("slet sagen", Intent.REMOVE),
        ("kvantemekanik", Intent.UNKNOWN),
        ("311299-9999", Intent.PERSONAL_DATA),
        ("ring til mor på 20 30 40 50", Intent.PERSONAL_DATA),
        ("og så skete der det, at " * 20, Intent.TOO_LONG),
        ("", Intent.HELP),
    ],
)
def test_plain_words_are_understood(town: OfficeTown, text: str, intent: Intent) -> None:
    assert town.office.conversation.hear(town.asked(MAJA), text) == intent


def test_a_case_is_found_by_alias_slip_key_or_last_four(town: OfficeTown) -> None:
    case = town.registered(MAJA, number="S2026-114711")
    slip = case.alias[:-2] + case.alias[-1]
    for text in (case.alias, case.alias.upper(), slip, case.key, "4711", f"hvad med {case.alias}?"):
        assert f"»{case.alias}«" in answer(town, text), text


@pytest.mark.rule("D11")
def test_a_case_of_others_is_not_understood(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    assert "Det forstod jeg ikke" in answer(town, case.alias, "Peter Krogh")


@pytest.mark.rule("D36")
def test_personal_data_is_answered_and_kept_nowhere(town: OfficeTown) -> None:
    said = answer(town, "det er Ida, 311299-9999")
    assert said.startswith("Det ligner personoplysninger. Jeg har ikke gemt det")
    with town.work() as work:
        facts = [n.facts for n in work.notices.showing("reply")]
    assert facts == [{"intent": "personal_data", "cases": ""}]


def test_a_message_told_twice_is_answered_once(town: OfficeTown) -> None:
    from bot.usecases.ports import AlreadyAsked

    asked = town.asked(MAJA)
    town.office.conversation.hear(asked, "hej")
    with pytest.raises(AlreadyAsked):
        town.office.conversation.hear(asked, "hej")
    town.deliver()
    assert len(town.heard(town.person(MAJA))) == 1


def test_today_says_what_home_says(town: OfficeTown) -> None:
    assert answer(town, "i dag") == "Der venter ikke noget på dig i dag."
    case = town.registered(MAJA)
    assert f"»{case.alias}« er ikke sendt endnu" in answer(town, "i dag")


def test_the_next_meeting_and_ones_own_time(town: OfficeTown) -> None:
    meeting = town.next_meetings(1)[0]
    town.referred(MAJA, meeting=meeting.id)
    assert answer(town, "næste møde").startswith("torsdag 19. november kl. 9.00, Mødelokale 2.")
    assert "fremlægges kl. 9.10" in answer(town, "hvornår er jeg på")


def test_who_a_case_is_about_only_the_case_system_knows(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    said = answer(town, f"hvem er {case.alias}").splitlines()
    assert said == ["Det ved kun fagsystemet.", "Vis sagsnummer", "Åbn i fagsystem"]
    tines = town.registered("Tine Lauridsen")  # an area whose system has no link
    assert answer(town, f"hvem er {tines.alias}", "Tine Lauridsen").splitlines() == said[:2]


def test_english_is_answered_in_english(town: OfficeTown) -> None:
    from datetime import time

    town.office.people.set_settings(town.asked(MAJA), language="en", overview_at=time(7, 30))
    assert answer(town, "quantum").startswith("I did not understand that. Try one of these:")
