"""What is sent by itself is decided again when it is sent: whoever has lost the right meanwhile hears nothing of a case."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from bot.assembly import tellers
from bot.domain.notices import Notice
from bot.domain.people import Post
from storage.engine import Database
from tests.access.told import DUTIES, NEWS, NO_CASE, News, Told, build
from tests.support.databases import Databases
from tests.support.office import OfficeTown, readable

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def world() -> Told:
    databases = Databases()
    return build(OfficeTown(Database(databases.fresh("sqlite", settle=OfficeTown))))


def holds(world: Told, news: News, *posts: Post, active: bool = True) -> None:
    with world.town.house.storage.open_work(at=world.town.clock.at) as work:
        known = work.people.get(news.to)
        work.people.save(replace(known, posts=frozenset(posts), active=active))


def case_of(world: Told, news: News) -> Any:
    named = getattr(world, news.of)
    with world.town.work() as work:
        item = work.presentations.find(named)
        return work.cases.get(item.case_id if item else named)


def tell(world: Told, news: News) -> None:
    case = case_of(world, news)
    key = f"{news.kind}:{news.what}:{next(NUMBERS)}"
    with world.town.house.storage.open_work(at=world.town.clock.at) as work:
        work.notices.tell(Notice(key, news.kind, news.to, news.facts(world), case_id=case.id))


def heard(world: Told, news: News) -> str:
    """Everything that is shown to the reader now, also what is not seen of it."""
    world.town.slack.messages.clear()
    world.town.deliver()
    return "\n".join(f"{m['text']} {readable(m['blocks'])}" for m in world.town.slack.messages_at(news.to))


def names_a_case(world: Told, said: str) -> list[str]:
    with world.town.work() as work:
        every = work.figures.cases()
    return [name for case in every for name in (case.alias, case.key) if name in said]


@pytest.mark.rule("D11", "D12")
@pytest.mark.parametrize("news", NEWS, ids=[news.name for news in NEWS])
def test_whoever_lost_the_right_before_it_was_sent_hears_of_no_case(world: Told, news: News) -> None:
    case = case_of(world, news)
    holds(world, news, news.by_right_of)
    tell(world, news)
    said = heard(world, news)
    assert case.alias in said or case.key in said, "with the right, there is something to hear"
    for lost in ({"active": True}, {"active": False}):
        holds(world, news, news.by_right_of)
        tell(world, news)
        holds(world, news, *news.left, **lost)
        assert names_a_case(world, heard(world, news)) == [], lost


@pytest.mark.rule("D11")
@pytest.mark.parametrize("news", DUTIES, ids=[news.name for news in DUTIES])
def test_whoever_has_the_role_no_longer_hears_nothing_at_all(world: Told, news: News) -> None:
    holds(world, news, news.by_right_of)
    tell(world, news)
    assert heard(world, news) != ""
    holds(world, news, news.by_right_of)
    tell(world, news)
    holds(world, news, *news.left)
    assert heard(world, news) == ""


def test_every_kind_of_message_is_in_the_table() -> None:
    kinds: Any = tellers(None, None)  # type: ignore[arg-type]
    assert {n.kind for n in NEWS} | set(NO_CASE) == set(kinds)
    assert not {n.kind for n in NEWS} & set(NO_CASE)
