"""Several processes at once: one asking is done once, one decision stands, and no øre is wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA
from bot.usecases.frame_facts import Use
from bot.usecases.ports import AlreadyAsked, Asked
from bot.usecases.referrals import Wish
from storage.engine import Database, DatabaseAway
from storage.sealing import KeyRing, new_key
from tests.storm import history
from tests.storm.conftest import LONG, Figures
from tests.storm.site import Site, site_at
from tests.storm.together import together
from tests.storm.town import Chance, FileTown
from tests.support.databases import Databases
from tests.support.frames import active_case

PROCESSES = 4 if LONG else 3
TOWNS, RACES = (5, 200) if LONG else (1, 24)
"""One town after the other, and in each so many: nobody has a thousand cases, and nobody's aliases last for them."""
TIMES = 13 if LONG else 1
"""So often each press reaches each process: 52,000 deliveries on each database in the storm."""
SETTLED = ("presentation_referred", "presentation_returned")
FRAMES, POSTINGS = (250, 100) if LONG else (1, 30)
"""One frame after the other, and on each of them so many by each process: 100,000 in the storm. A frame that has
thousands of entries is nobody's."""


class Crowd:
    """The town, and what several processes do in it."""

    def __init__(self, site: Site) -> None:
        self.site, self.ids = site, Chance("aa")
        self.database = Database(site.address)
        self.town = FileTown(
            self.database, site.slack, keys=KeyRing.read(new_key()), chance=self.ids, settle=True
        )

    def at_once(self, *doings: Callable[[], list[Any]]) -> list[list[Any]]:
        self.database.close()

        def in_its_own_name(number: int, doing: Callable[[], list[Any]]) -> list[Any]:
            self.ids._prefix = f"p{number}x"
            return doing()

        return together(*(lambda n=n, d=d: in_its_own_name(n, d) for n, d in enumerate(doings)))  # type: ignore[misc]

    def asked(self, name: str, key: str) -> Asked:
        return Asked(self.town.person(name), self.town.clock.at, "test", key=key)


@pytest.fixture
def crowd(engine: str, databases: Databases, fast_folder: Path, tmp_path: Path) -> Iterator[Crowd]:
    folder = fast_folder / tmp_path.name
    folder.mkdir()
    address = databases.fresh(engine, folder)
    crowd = Crowd(site_at(address, folder / "slack.jsonl"))
    yield crowd
    crowd.database.close()
    databases.take_back(address)


def told(do: Callable[..., Any], *args: Any, **named: Any) -> list[str | None]:
    """What somebody hears: done, done already (and what came of it), or the refusal's name.

    Who hears that it was not kept presses again; SQLite says so when several processes crowd at the door. Whom PostgreSQL
    turns away for what another has written meanwhile (class 40) should have waited for its lock, and is a fault.
    """
    while True:
        try:
            done = do(*args, **named)
        except AlreadyAsked as again:
            return ["again", again.result]
        except Refusal as refusal:
            return ["refused", type(refusal).__name__]
        except DatabaseAway as away:
            if str(getattr(away.orig, "sqlstate", "")).startswith("40"):
                raise
            continue
        return ["done", getattr(done, "entry", done).id]


@pytest.mark.parametrize("number", range(TOWNS))
def test_one_press_that_reaches_every_process_is_done_once_and_all_are_told_the_same(
    crowd: Crowd, number: int, figures: Figures
) -> None:
    town = crowd.town
    cases = [town.registered("Maja Holm").id for _ in range(RACES)]
    wish = Wish(criteria=CRITERIA)

    def presses() -> list[Any]:
        return [
            told(town.office.referrals.request, crowd.asked("Maja Holm", f"press:{c}"), c, wish)
            for c in cases * TIMES
        ]

    heard = crowd.at_once(*(presses for _ in range(PROCESSES)))
    for case in range(RACES):
        of_one = [said for by_one in heard for said in by_one[case::RACES]]
        assert sorted(how for how, _ in of_one) == ["again"] * (PROCESSES * TIMES - 1) + ["done"]
        assert len({result for _, result in of_one}) == 1
    town.deliver()
    assert history.judge(crowd.site.lines(), crowd.site.rows()).clean
    figures(presses=RACES * PROCESSES * TIMES, done=RACES)


@pytest.mark.parametrize("number", range(TOWNS))
def test_of_leaders_who_decide_at_once_one_decides(crowd: Crowd, number: int, figures: Figures) -> None:
    town = crowd.town
    wishes = [town.requested("Maja Holm").id for _ in range(RACES // 2)]
    refer = town.office.referrals

    def jens() -> list[Any]:
        return [
            told(refer.refer, crowd.asked("Jens Toft", f"j:{w}"), w, collector=None, meeting_id=None)
            for w in wishes
        ]

    def karen() -> list[Any]:
        return [
            told(refer.return_, crowd.asked("Karen Friis", f"k:{w}"), w, missing=("consent",)) for w in wishes
        ]

    for of_one in zip(*crowd.at_once(jens, karen), strict=True):
        assert Counter(how for how, _ in of_one) == {"done": 1, "refused": 1}
    settled = [row["case_id"] for row in crowd.site.rows()["journal"] if row["act"] in SETTLED]
    assert Counter(settled).most_common(1)[0][1] == 1
    town.jump(minutes=11)
    town.deliver()
    assert history.judge(crowd.site.lines(), crowd.site.rows()).clean
    figures(races=len(wishes))


def test_no_oere_is_wrong_however_many_book_on_one_frame_at_once(crowd: Crowd, figures: Figures) -> None:
    town = crowd.town
    frames = town.office.frames
    cases = [active_case(town, kroner=30_000)[0].id for _ in range(FRAMES)]

    def books(number: int) -> Callable[[], list[Any]]:
        chance = random.Random(number)

        def book() -> list[Any]:
            return [heard for case in cases for heard in book_on(case)]

        def book_on(case: str) -> list[Any]:
            heard, mine = [], []
            for turn in range(POSTINGS):
                asked = crowd.asked("Maja Holm", f"b:{number}:{case}:{turn}")
                if mine and chance.random() < 0.3:
                    heard.append(told(frames.correct, asked, mine.pop(), reason="wrong_amount"))
                    continue
                use = Use(Kroner(chance.randint(1, 150_000)), "transport", town.today)
                heard.append(told(frames.use, asked, case, use, again=True))
                if heard[-1][0] == "done":
                    mine.append(str(heard[-1][1]))
            return heard

        return book

    heard = [one for of_one in crowd.at_once(*(books(n) for n in range(PROCESSES))) for one in of_one]
    counted = Counter(how if how != "refused" else result for how, result in heard)
    rows = crowd.site.rows()
    assert len(rows["entries"]) == counted["done"]
    assert history.judge([], {**rows, "notices": []}).torn == ()
    assert set(counted) <= {"done", "FrameExceeded"}
    assert counted["FrameExceeded"], "nobody came near the end of the money"
    figures(postings=len(heard), **counted)


def test_of_a_form_kept_by_several_at_once_the_newest_choice_stands(crowd: Crowd) -> None:
    """Choices of one form may reach different processes, and the older one later."""
    drafts, forms = crowd.town.office.drafts, range(TOWNS * RACES * 2)

    def keeps(number: int) -> Callable[[], list[Any]]:
        def keep() -> list[Any]:
            for form in forms:
                told(keep_one, form, number)
            return []

        return keep

    def keep_one(form: int, number: int) -> Any:
        asked = crowd.asked("Maja Holm", f"d:{form}:{number}")
        drafts.keep_form(
            asked,
            ("case_new", str(form)),
            {"alias": f"of {number}"},
            shown={},
            written=frozenset(),
            sent_as=None,
            heard=f"{number}",
        )
        return asked.by

    crowd.at_once(*(keeps(n) for n in range(PROCESSES)))
    asked = crowd.asked("Maja Holm", "d")
    kept = [drafts.begun(asked, ("case_new", str(form))) for form in forms]
    assert [begun.answers if begun else None for begun in kept] == [
        {"alias": f"of {PROCESSES - 1}"} for _ in forms
    ]
