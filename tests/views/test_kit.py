"""A text above a surface's ceiling does not get on it; what people type cannot come alive in Slack."""

from __future__ import annotations

import pytest

from bot.domain.money import Kroner
from bot.texts import CaseNumber, Committee, Privacy, Public, Said, Texts, joined, privacy_of
from bot.views.kit import Page, Surface, TooPrivate


def test_a_plain_string_is_private_until_its_type_says_otherwise() -> None:
    assert [
        privacy_of(v)
        for v in ("Bogfinke", Committee("Bogfinke"), Public("Mødelokale 2"), CaseNumber("S2026-1"))
    ] == [
        Privacy.P1,
        Privacy.P1_COMMITTEE,
        Privacy.P0,
        Privacy.P2,
    ]


def test_a_text_is_as_private_as_the_most_private_fact_in_it() -> None:
    said = Texts("da").say("case", "head", alias=Committee("Bogfinke"), key=Committee("26-0042"), tail=None)
    assert said.privacy == Privacy.P1_COMMITTEE
    assert joined(" ", [said, Said("x", Privacy.P2)]).privacy == Privacy.P2


@pytest.mark.rule("D6", "R139")
def test_an_alias_cannot_be_put_in_the_open_face_nor_an_amount_in_the_closed() -> None:
    alias = Texts("da").say("case", "head", alias=Committee("Bogfinke"), key=Committee("26-0042"), tail=None)
    Page(Surface.CLOSED_CHANNEL).section(alias)
    with pytest.raises(TooPrivate):
        Page(Surface.OPEN_CHANNEL).section(alias)
    money = Texts("da").say("case", "money_line", left=Kroner.of(1), amount=Kroner.of(2), share=0.5)
    with pytest.raises(TooPrivate):
        Page(Surface.CLOSED_CHANNEL).section(money)


def test_a_notification_is_neutral_on_a_lock_screen_whatever_the_surface() -> None:
    page = Page(Surface.DIRECT).section(Said("hej", Privacy.P0))
    with pytest.raises(TooPrivate):
        page.message(Said("»Bogfinke«", Privacy.P1_COMMITTEE))


@pytest.mark.parametrize(
    "typed", ["<!channel>", "<@U1>", "<https://x.dk|klik>", "*fed*", "~streg~", "`kode`", "a & b"]
)
def test_what_people_type_arrives_as_harmless_letters(typed: str) -> None:
    said = Texts("da").say("home", "morning", name=typed)
    assert not any(mark in said for mark in ("<", ">", "*", "~", "`"))
    assert "&" not in said.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
