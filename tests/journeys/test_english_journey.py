"""The thread in English, through the sandbox: what a person reads is English from the first form to the last receipt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.domain.people import Person
from bot.usecases.ports import Asked
from tests.journeys.test_frame_journey import Inside
from tests.support.frames import active_case
from tests.support.stage import Actor
from tests.support.town import RunningTown

DANISH = re.compile(r"[æøå]|\b(ikke|mangler|sagen|venter|skriv|vælg|beløb|henvist)\b", re.IGNORECASE)
NAMES = re.compile(r"\b(Én Indgang|Udvalgsmøde|Socialområdet|Ungeindsatsen og UU|Trivsel og Læring)\b")
FOUR = (
    "Complex and multiple problems",
    "A joint plan is needed",
    "Education or work is a goal, but very hard as life is now",
    "It is not obviously out of reach",
)


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address) as running:
        at = running.house.clock.now()
        for name in ("Maja Holm", "Jens Toft"):
            with running.house.storage.open_reading(at=at) as work:
                person: Person = work.people.get(running.stage.person_id(name))
            running.house.office.people.set_settings(
                Asked(person, at, "test"), language="en", overview_at=person.overview_at
            )
        yield running


def only_english(who: Actor) -> None:
    """Nothing Danish in the open form, Home or messages, but for names and aliases."""
    home = who.home(visit=False)
    shown = [m.text for m in who.messages() if m.app] + [m.text + m.title for m in who.modals]
    everything = "\n".join([*shown, home.text if home else ""])
    for alias in set(re.findall(r'"([^"\n]+)"', everything)):
        everything = everything.replace(alias, "")
    assert not DANISH.search(NAMES.sub("", everything)), everything


def test_from_registering_to_referral_and_undo(town: RunningTown) -> None:
    maja, jens = town.person("Maja Holm"), town.person("Jens Toft")
    maja.home()
    maja.sees("You have no open cases.", in_="home")
    maja.presses("New case", in_="home")
    maja.fills("Number in the case system", "311299-9999")
    maja.chooses("Age group", "18–29 years")
    maja.submits()
    assert "a CPR number" in maja.complaints["reference"]
    maja.fills("Number in the case system", "S2026-800001")
    form = maja.submits()
    assert form and form.title == "Ask for referral"
    only_english(maja)
    maja.chooses("Is the case in the target group?", *FOUR[:3])
    maja.submits()
    assert "of the four criteria" in maja.complaints["criteria"]
    assert not DANISH.search(maja.complaints["criteria"])
    maja.chooses("Is the case in the target group?", *FOUR)
    maja.submits()
    maja.sees("is sent to your leader", in_="modal")
    only_english(maja)
    maja.closes()

    jens.sees("is waiting for you", in_="dm")
    jens.sees("Maja Holm asks for referral · all four criteria are confirmed", in_="dm")
    jens.presses("Information missing", in_="dm")
    jens.waits_for_modal("Information missing")
    missing = jens.modal.options("What is missing?")[0] if jens.modal else ""
    jens.chooses("What is missing?", missing)
    jens.submits()
    jens.sees("is sent back. You can undo for 10 minutes.", in_="modal")
    jens.presses("Undo", in_="modal")
    jens.sees("waits for your answer again.", in_="modal")
    jens.closes()
    jens.presses("Refer", in_="dm")
    jens.chooses("Your assessment", "I have assessed that the case belongs in the committee")
    jens.submits()
    jens.sees("is referred. You can undo for 10 minutes.", in_="modal")
    only_english(jens)
    jens.closes()
    jens.sees("was referred by you", in_="dm")

    maja.sees("by Jens Toft", in_="dm")
    maja.sees("the committee must be able to decide at the meeting", in_="dm")
    maja.types("/sag 26-0001")
    maja.sees("What has happened", in_="modal")
    only_english(maja)


def test_the_frame_and_what_is_refused(town: RunningTown) -> None:
    case, _ = active_case(Inside(town), kroner=2_000)
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees("Record spending", in_="home")
    maja.presses("Record spending", in_="home")
    maja.fills("Amount in DKK", "25,000", in_="modal")
    assert not DANISH.search(maja.submits().complaints["amount"])
    maja.fills("Amount in DKK", "450", in_="modal")
    maja.submits()
    maja.sees(f'on "{case.alias}". DKK 1,550.00 left', in_="modal")
    only_english(maja)
    maja.presses("Undo", in_="modal")
    maja.sees("Taken back: DKK 450.00", in_="modal")
    maja.closes()
    maja.types(f"/ramme {case.key} 1.900 bus")
    maja.sees("DKK 1,900.00 for ")
    maja.types(f"/ramme {case.key} 500 bus")
    maja.sees("You are DKK 400.00 short")
    maja.presses("What else can I do?")
    maja.sees("Your area can grant outside the frame itself.")
    maja.types(f"/ramme {case.key} 1.5 bus")
    maja.sees("Write the amount as 450 or 1.250,00")
    only_english(maja)
