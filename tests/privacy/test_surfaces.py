"""Nothing is shown, sent or kept where it may not be: each surface has a ceiling, and what goes along unseen says nothing."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import log
from bot.texts import LANGUAGES, Privacy, Said, texts
from bot.views.kit import (
    Button,
    Choice,
    Overflow,
    Page,
    Surface,
    TooPrivate,
    checkboxes,
    multi_select,
    opaque,
    radio,
    select,
    text_field,
)
from bot.views.notices import VIEWS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [s for s in Surface if s not in (Surface.NOTIFICATION, Surface.REPEATED)]
OPEN = Said("Udvalgsmøde", Privacy.P0)

WAYS: dict[str, Callable[[Page, Said], object]] = {
    "header": lambda page, said: page.header(said),
    "section": lambda page, said: page.section(said),
    "context": lambda page, said: page.context(OPEN, said),
    "button": lambda page, said: page.buttons(Button(said, "x")),
    "button's label": lambda page, said: page.buttons(Button(OPEN, "x", label=said)),
    "button beside": lambda page, said: page.section(OPEN, button=Button(said, "x")),
    "menu beside": lambda page, said: page.section(OPEN, button=Overflow("x", (Choice(said, "a"),))),
    "menu's description": lambda page, said: page.section(
        OPEN, button=Overflow("x", (Choice(OPEN, "a", said),))
    ),
    "label": lambda page, said: page.input("a", said, text_field(most=10)),
    "hint": lambda page, said: page.input("a", OPEN, text_field(most=10), hint=said),
    "example": lambda page, said: page.input("a", OPEN, text_field(most=10, example=said)),
    "radio": lambda page, said: page.input("a", OPEN, radio([Choice(said, "a")])),
    "radio's description": lambda page, said: page.input("a", OPEN, radio([Choice(OPEN, "a", said)])),
    "checkboxes": lambda page, said: page.input("a", OPEN, checkboxes([Choice(said, "a")])),
    "select": lambda page, said: page.input("a", OPEN, select([Choice(said, "a")])),
    "select's hint": lambda page, said: page.input("a", OPEN, select([Choice(OPEN, "a")], hint=said)),
    "multi select": lambda page, said: page.input("a", OPEN, multi_select([Choice(said, "a")])),
    "title": lambda page, said: page.modal(title=said, callback="x"),
    "submit": lambda page, said: page.modal(title=OPEN, callback="x", submit=said),
    "close": lambda page, said: page.modal(title=OPEN, callback="x", close=said),
}


@pytest.mark.rule("R139", "D6", "D34")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("surface", PAGES, ids=lambda s: s.name)
def test_a_text_above_the_ceiling_does_not_get_on_a_surface_by_any_way(surface: Surface, way: str) -> None:
    for privacy in Privacy:
        said = Said("»Bogfinke«", privacy)
        if privacy <= surface.ceiling:
            WAYS[way](Page(surface), said)
        else:
            with pytest.raises(TooPrivate):
                WAYS[way](Page(surface), said)


def test_what_stands_in_a_field_already_stands_in_a_form_only() -> None:
    Page(Surface.MODAL).input("a", OPEN, text_field(most=20, initial="S2026-114711"))
    with pytest.raises(TooPrivate):
        Page(Surface.HOME).input("a", OPEN, text_field(most=20, initial="S2026-114711"))


@pytest.mark.rule("D34")
@pytest.mark.parametrize("privacy", [p for p in Privacy if p > Privacy.P0])
def test_a_notification_holds_nothing_of_a_case(privacy: Privacy) -> None:
    with pytest.raises(TooPrivate):
        Page(Surface.DIRECT).section(OPEN).message(Said("Bogfinke", privacy))


def test_the_words_beside_a_page_only_one_sees_hold_no_number_of_a_case_system() -> None:
    Page(Surface.EPHEMERAL).section(OPEN).aside(Said("»Bogfinke«", Privacy.P1))
    with pytest.raises(TooPrivate):
        Page(Surface.EPHEMERAL).section(OPEN).aside(Said("S2026-114711", Privacy.P2))


READABLE = (
    *("Bogfinke", "26-0042", "item:26-0042", "Rødhals", "Maja Holm", "maja@example.dk", "case:Bogfinke:2"),
    *(
        "en lille bemærkning",
        "4.500,00 kr.",
        "»x«",
        '{"a": 1}',
        "https://fag.example.dk/?id=4711",
        "ny\nlinje",
    ),
)
SAYS_NOTHING = (
    *(
        "",
        "x",
        "U0MAJA0001",
        "up:KJVXQZPDMKJVXQZPDMKJVXQZPD",
        "2026-11-26",
        "09:30",
        "25000",
        "mentor_support",
    ),
    *("30+", "15-17", "contact_person/youth", "n:overview:U0MAJA0001:2026-11-16", "/sag ny", "area~a-_Z"),
)
UNSEEN: dict[str, Callable[[str], object]] = {
    "a button's value": lambda v: Page(Surface.MODAL).buttons(Button(OPEN, "x", v)),
    "an option's value": lambda v: Page(Surface.MODAL).input("a", OPEN, radio([Choice(OPEN, v)])),
    "a menu's value": lambda v: Page(Surface.HOME).section(
        OPEN, button=Overflow("x", (Choice(OPEN, v or "x"),))
    ),
    "private metadata": lambda v: Page(Surface.MODAL).modal(
        title=OPEN, callback="x", meta=json.dumps({"c": v})
    ),
    "a field's id": lambda v: Page(Surface.MODAL).input(v or "x", OPEN, text_field(most=1)),
}


@pytest.mark.rule("R139")
@pytest.mark.parametrize("place", UNSEEN)
def test_what_goes_along_unseen_is_an_id_a_code_or_a_day(place: str) -> None:
    for value in READABLE:
        with pytest.raises(TooPrivate):
            UNSEEN[place](value)
    for value in SAYS_NOTHING:
        UNSEEN[place](value)
        assert opaque(value) == value


@pytest.mark.parametrize("field", sorted(log.FIELDS - {"level", "time", "event", "dropped"}))
def test_no_field_of_the_log_takes_a_sentence_or_a_cases_key(
    field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = io.StringIO()
    log.set_up("json", to=heard)
    for value in ("Maja Holm", "26-0042", "case:26-0042", "x" * 300, {"a": "b"}, ["Bogfinke"]):
        log.get_log().info("heard", **{field: value})
    lines = [json.loads(line) for line in heard.getvalue().splitlines()]
    assert [line.get(field) for line in lines] == [None] * 6
    assert [line["dropped"] for line in lines] == [1] * 6


# --- messages on a lock screen ---

NEUTRAL = {
    'texts.say("common", "news")',
    'texts.say("common", "notification")',
    'words.say("common", "news")',
}
NEUTRAL |= {'words.say("common", "notification")', 'words.say("common", "handled")'}
EITHER = re.compile(r"""(?:texts|words)\.say\('common', 'notification' if [\w.]+ else 'news'\)""")
OF_THE_CHANNEL = "_notification(told, texts)"
"""The post of a meeting, which says the day and the hour that everybody knows (A11)."""


def calls(name: str, *folders: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Each call of that name: its file, and how it is written."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if f"{name}(" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                    called = node.func.id if isinstance(node.func, ast.Name) else called
                    if called == name:
                        yield str(path.relative_to(ROOT)), ast.unparse(node), node


@pytest.mark.rule("D34", "R139")
def test_every_message_has_one_of_three_sentences_that_are_about_nothing() -> None:
    """Every kind of notice, also the next one: whatever a view sends goes through `message`, with one of these."""
    neutral = {ast.unparse(ast.parse(said)) for said in NEUTRAL}
    said = [(file, ast.unparse(call.args[0])) for file, _, call in calls("message", "bot/views")]
    assert len(said) > len(VIEWS), "each kind of notice ends in a message"
    assert [s for s in said if s[1] not in neutral and not EITHER.fullmatch(s[1])] == [
        ("bot/views/agenda.py", OF_THE_CHANNEL)
    ]
    assert {f for f, _, _ in calls("as_message_blocks", "bot", "handlers")} == {
        "bot/views/kit.py",
        "bot/views/common.py",  # a line below another's message: so many cases cannot be read
        "bot/views/habits.py",  # the first block of another's message, which has its text already
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_sentences_hold_no_number_and_take_no_facts(language: str) -> None:
    for name in ("news", "notification", "handled"):
        said = texts(language).say("common", name)  # StrictUndefined: a fact would be missing
        assert (said.privacy, re.findall(r"[0-9»«\"]", said)) == (Privacy.P0, [])


# --- who may say that a word is public ---

SAID_TO_BE_PUBLIC = {
    "bot/documents/ics_file.py": ["Public(event.room)"],
    "bot/views/agenda.py": [
        "Public('' if few else told.change)",
        "Public(meeting.room)",
        "Public(told.stage.value)",
        "Public(told.view.committee.name)",
    ],
    "bot/views/anchoring.py": [  # the criteria in force, which everybody may read
        "Public(c.name(texts.language))",
        "Public(facts.rule_set.name(texts.language))",
        "Public(facts.rule_set.version)",
        "Public(rule_set.name(texts.language))",
        "Public(rule_set.version)",
    ],
    "bot/views/calendar.py": ["Public(m.room)"],
    "bot/views/common.py": ["Public(text)"],  # the number of a request that failed
    "bot/views/conversation.py": ["Public(found.room)"],
    "bot/views/in_force.py": ["Public('• ')"],
    "bot/views/journal_watch.py": ["Public(found.anchor)"],
    "bot/views/meeting_news.py": ["Public(meeting.room)"],
    "bot/views/missing_again.py": ["Public('• ')", "Public('• ')"],
    "bot/views/referral.py": ["Public('• ')"],
    "bot/views/setup.py": ["Public('• ')"],
    "bot/views/unread.py": ["Public(found.number)"],  # of a request
}
"""Rooms, committees, stages, versions, codes of Slack's: nobody's. Whoever adds a line here says why it is nobody's."""

SAID_BY_HAND = {
    "bot/views/looks.py": 1,  # the name of an act that has no words yet
    "bot/views/meeting.py": 1,  # mentions of those who keep the aliases out of a channel
    "bot/views/memory.py": 1,  # as private as what was cut
    "bot/views/note.py": 1,  # as private as what begins with a small letter
    "bot/views/outbox.py": 1,  # the channel itself
    "bot/views/kit.py": 1,  # what stands in a field already
    "bot/views/recommendation.py": 1,  # as private as its parts
    "bot/views/report.py": 1,  # as private as what was put on one line
}


def test_a_word_is_called_public_only_where_somebody_has_thought_about_it() -> None:
    found: dict[str, list[str]] = {}
    for file, written, _ in calls("Public", "bot", "handlers", "schedules", "storage"):
        found.setdefault(file, []).append(written)
    assert {file: sorted(said) for file, said in found.items()} == SAID_TO_BE_PUBLIC


def test_a_text_is_classed_by_its_facts_and_by_hand_only_where_it_is_listed() -> None:
    found: dict[str, int] = {}
    for file, _, call in calls("Said", "bot", "handlers", "schedules", "storage"):
        assert len(call.args) == 2, f"{file} leaves the class out"
        found[file] = found.get(file, 0) + 1
    found.pop("bot/texts/__init__.py")
    assert found == SAID_BY_HAND
