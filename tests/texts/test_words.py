"""Criterion 7: what is sent is as short as people read, in both languages, over the demo town's own week.

Each block and button is counted as it was rendered, with the town's real names, amounts and dates. Both faces with ten
items are counted in tests/usecases/test_agendas.py, refusals in tests/texts/test_texts.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.demo import town as demo
from storage.engine import Database
from storage.tables import metadata
from tests.support.office import OfficeTown, readable

LANGUAGES = ("da", "en")
DAYS = (date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19))


def words(text: str) -> int:
    """Words with a letter or digit in them; what is only drawn (bars, ticks, stars) is none."""
    return len([word for word in text.split() if re.search(r"\w", word)])


def said(blocks: list[dict[str, Any]]) -> str:
    """What is read: without the buttons, which are counted apart."""
    shown = [{k: v for k, v in b.items() if k != "accessory"} for b in blocks if b["type"] != "actions"]
    return readable(shown)


def buttons(blocks: list[dict[str, Any]]) -> int:
    at_hand = [e for b in blocks for e in b.get("elements", ()) if b["type"] == "actions"]
    return len(at_hand) + len([b for b in blocks if b.get("accessory", {}).get("type") == "button"])


def speak(town: OfficeTown, language: str) -> None:
    with town.house.storage.open_work(town.asked("Bo Winther")) as work:
        for person in work.people.all():
            work.people.save(replace(person, language=language))
        committee = work.committees.all()[0]
        work.committees.save(replace(committee, language=language))


@pytest.fixture(params=LANGUAGES)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OfficeTown]:
    """Monday 07:50 in the demo town; everybody speaks the one language."""
    database = Database(f"sqlite:///{tmp_path}/town.db")
    metadata.create_all(database.writing)
    town = OfficeTown(database, settle=demo.settle)
    speak(town, request.param)
    yield town
    database.close()


def live_through_the_week(town: OfficeTown) -> None:
    town.knock()
    town.jump_to(date(2026, 11, 16), time(8))
    town.knock()
    for day in DAYS:
        town.jump_to(day, time(8, 30))
        town.knock()


def test_a_direct_message_and_the_open_face_are_short(town: OfficeTown) -> None:
    live_through_the_week(town)
    _messages_are_short(town)
    _the_open_face_is_short(town)


def _messages_are_short(town: OfficeTown) -> None:
    sent = [m for to, m in town.slack.posts if to[:1] in "UW"]
    assert len(sent) >= 10
    overview = [m for m in sent if _is_overview(m)]
    others = [m for m in sent if not _is_overview(m)]
    assert [said(m["blocks"]) for m in others if words(said(m["blocks"])) > 40] == []
    assert [said(m["blocks"]) for m in others if buttons(m["blocks"]) > 4] == []
    assert [m["text"] for m in sent if "»" in m["text"] or "26-00" in m["text"]] == []
    assert overview  # one a day, a line for each thing: counted by its lines below
    assert [said(m["blocks"]) for m in overview if words(said(m["blocks"])) > 40 + 12 * _lines(m)] == []
    print(
        f"7 words: {len(sent)} direct messages, the longest {max(words(said(m['blocks'])) for m in others)} words, "
        f"most buttons {max(buttons(m['blocks']) for m in others)}"
    )


def _is_overview(message: dict[str, Any]) -> bool:
    return bool(re.search(r"I dag:|Today:", said(message["blocks"])))


def _lines(message: dict[str, Any]) -> int:
    return len([b for b in message["blocks"] if b["type"] == "section"])


def _the_open_face_is_short(town: OfficeTown) -> None:
    (post,) = town.slack.messages_at(demo.OPEN_CHANNEL)
    counted = words(said(post["blocks"]))
    print(f"7 words: open face {counted} words, {len(post['blocks'])} blocks")
    assert (counted <= 100, len(post["blocks"]) <= 6) == (True, True), counted
