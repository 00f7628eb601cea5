"""What shows on a lock screen: every kind of notice is rendered from made-up facts, and its `text` says none of them.

A new kind is rendered without a word here; one whose facts nobody can make up, or whose code is not known, is red until
somebody adds it. The rule on the source (one of three sentences) is in test_surfaces.py; this looks at what comes out.
"""

from __future__ import annotations

import importlib
import itertools
import re
import typing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from types import FunctionType
from typing import Any

import pytest

from bot.assembly import tellers
from bot.domain.meeting import Face, Stage
from bot.domain.presentation import Kind
from bot.rules import DEFAULT, read_rules
from bot.texts import LANGUAGES, Privacy, Said, Texts, texts
from bot.usecases.post_words import Post
from bot.views import closing
from bot.views.kit import Page, Surface
from bot.views.notices import VIEWS, NoticeWords
from tests.support.made_up import NUMBER, Codes, made
from tests.support.office import FakeSlack

MARK = "kvxmaerkeqz"
"""Every text in the facts: alias, key, name, number, id."""
AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
BOOK = read_rules(DEFAULT)

CODES: Codes = {"area": "social", "payer": "social", "purpose": "transport", "fixes": ("payer",)}
CODES |= {"measure": "mentor_support", "choice": "as_recommended", "closing": "education"}
CODES |= {"answered": "yes"}
CODES_OF: dict[str, Codes] = {
    "access_wish": {"": {"name": MARK, "person": MARK}},
    "new_frame": {"reason": "used_up"},
    "old_correction": {"reason": "wrong_amount"},
    "new_date": {"reason": "holiday"},
    "case_cancelled": {"reason": "wrong_number"},
    "referral": {"urgent_reason": "housing"},
    "minutes": {"reason": "info_missing"},
    "can_wait": {"reason": "meeting_soon"},
    "ballot_to_meeting": {"why": "disagreed"},
    "withdrawn": {"reason": "solved"},
    "roles_changed": {"what": "own"},
    "missing_again": {"missing": ("consent",)},
    "called": {"answer": "yes"},
    "mark_lost": {"points": ("consent",)},
    "taken_off": {"reason": "time"},
    "reopened": {"reason": "new_need"},
    "item_question": {"question": "own_view", "answer": "yes"},
    "item_answer": {"question": "own_view", "answer": "yes"},
    "advice": {"question": "what_help", "answer": "not_ours"},
    "advice_answer": {"question": "what_help", "answer": "not_ours"},
}
"""Where a code has words of its own, one that has."""


def facts_of(kind: str) -> Any:
    view: Any = VIEWS[kind]
    if isinstance(view, FunctionType) and view.__name__ == "<lambda>":
        room, name = view.__code__.co_names[:2]
        view = getattr(importlib.import_module(f"bot.views.{room}"), name)
    hints = typing.get_type_hints(view)
    first = view.__code__.co_varnames[0]
    return made(hints[first], "", text=MARK, codes={**CODES, **CODES_OF.get(kind, {})}, at=AT)


def shown(kind: str, facts: Any, language: str) -> str:
    """What the lock screen shows."""
    words = NoticeWords(BOOK, lambda: date(2026, 11, 16))
    return str(words.say(kind, facts, language=language, key="k")["text"])


def told(text: str, language: str) -> set[str]:
    """What of a case, a person or an amount the text gives away."""
    low, words = text.casefold(), texts(language)
    kinds = {str(words.term("kind", k)) for k in Kind}
    areas = {str(words.named(a)) for a in BOOK.on(AT.date()).areas}
    found = {"mark"} if MARK in low else set()
    found |= {"number"} if re.search(rf"\d|{NUMBER:,}", text) else set()
    found |= {"kind"} if any(k.casefold() in low for k in kinds) else set()
    found |= {"area"} if any(a.casefold() in low for a in areas) else set()
    return found | ({"quotation"} if re.search(r"[»«\"]", text) else set())


def without_the_day(text: str, words: Texts, post: Post) -> str:
    """Of the channel's post: the day and hour of the meeting, which everybody knows."""
    meeting = post.view.meeting
    for said in (words.say("agenda", "head_closed", day=meeting.day, starts=meeting.starts, extra=False),):
        day = re.search(r"\w+ \d+\.? \w+", str(said))
        text = text.replace(day.group() if day else "", "")
    return re.sub(r"(?:kl\. |at )?\b9[.:]10\b", "", text)


def everything(*kinds: str) -> Iterator[tuple[str, str, set[str]]]:
    """Each kind (or these) in each language: what its lock screen gives away. The channel's posts are looked at alone."""
    for kind in kinds or [k for k in VIEWS if k != "agenda"]:
        facts = facts_of(kind)
        for language in LANGUAGES:
            yield kind, language, told(shown(kind, facts, language), language)


@pytest.mark.rule("D34", "R139")
def test_no_lock_screen_of_any_kind_says_an_alias_a_key_a_name_an_amount_or_a_kind() -> None:
    looked = list(everything())
    assert [(kind, language, found) for kind, language, found in looked if found] == []
    sent = {*tellers(FakeSlack(), BOOK), "handled"}
    assert {kind for kind, _, _ in looked} | {"agenda"} == sent, "what is sent is looked at"


@pytest.mark.rule("D34", "D6")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_post_in_the_channel_does_either_in_any_stage_or_face(language: str) -> None:
    post: Post = facts_of("agenda")
    for stage, face in itertools.product(Stage, Face):
        one = replace(post, stage=stage, face=face)
        text = shown("agenda", one, language)
        assert told(without_the_day(text, texts(language), one), language) == set(), (stage, face, text)


PLANTED = {
    "mark": lambda facts, _words: facts.alias,
    "number": lambda _facts, words: words.say("frame", "case_left", left=facts_of("new_frame").amount),
    "kind": lambda _facts, words: words.term("kind", Kind.FOLLOW_UP),
    "area": lambda _facts, words: words.named(BOOK.on(AT.date()).areas[0]),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_lock_screen_that_says_it_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said to be public by a slip: the surface's ceiling lets it through, and this does not."""

    def leaks(facts: Any, words: Texts, _rules: Any) -> Any:
        said = Said(f"{words.say('common', 'news')}: {PLANTED[what](facts, words)}", Privacy.P0)
        return Page(Surface.DIRECT).section(words.say("common", "news")).message(said)

    monkeypatch.setitem(VIEWS, "closed", leaks)
    leaks.__annotations__["facts"] = typing.get_type_hints(closing.closed)["told"]
    assert [what in found for _, _, found in everything("closed")] == [True] * len(LANGUAGES)


def test_a_kind_whose_facts_nobody_can_make_up_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    def brought(facts: re.Pattern[str], words: Texts, _rules: Any) -> Any:
        return Page(Surface.DIRECT).section(words.say("common", "news")).message(words.say("common", "news"))

    monkeypatch.setitem(VIEWS, "brand_new", brought)
    with pytest.raises(TypeError, match="nobody knows how to make up"):
        list(everything("brand_new"))
