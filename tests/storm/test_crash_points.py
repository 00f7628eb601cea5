"""Killed at every single step, whoever it is and whatever Slack does: nothing lost, nothing doubled, nothing torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storm.conftest import LONG, Figures, step
from tests.storm.flows import FLOWS
from tests.storm.harder_flows import HARDER_FLOWS
from tests.storm.kills import MarksFirst, NeverLooks
from tests.storm.ladder import Outcome, Scene
from tests.storm.site import site_at
from tests.storm.slack_file import BEHAVIOURS, LIMITED, LOST, OK, REFUSED, STORED_ERROR

EVERY_DAY = tuple(flow for flow in (*FLOWS, *HARDER_FLOWS) if LONG or not flow.seldom)
SAID, EDITED = "write to the bot", "withdraw it, and make the leader's message neutral"
SAID_AND_EDITED = {LOST: (SAID,), STORED_ERROR: (SAID,), LIMITED: (SAID, EDITED), REFUSED: (SAID,)}
"""A message that is new, and one that is shown anew: what Slack's behaviour changes is how they are said, whatever
they tell. `make storm` does everything under every behaviour."""
AT_LEAST = {"sqlite": 1_200, "postgresql": 1_000}
"""Points on each database: more than two thousand in all."""


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def scene(request: pytest.FixtureRequest, databases: object, fast_folder: Path) -> Iterator[Scene]:
    folder = fast_folder / request.param
    folder.mkdir()
    address = databases.fresh(request.param, folder)  # type: ignore[attr-defined]
    scene = Scene(site_at(address, folder / "slack.jsonl"), folder)
    alive = scene.warm(EVERY_DAY)
    assert {name: verdict for name, verdict in alive.items() if not verdict.clean} == {}
    scene.ladder.thorough = LONG
    yield scene
    scene.database.let_go()
    databases.take_back(address)  # type: ignore[attr-defined]


def test_whoever_is_killed_at_any_step_nothing_is_lost_doubled_or_torn(
    scene: Scene, figures: Figures
) -> None:
    asked = [(flow, OK) for flow in EVERY_DAY]
    asked += [
        (f, b) for b in BEHAVIOURS if b != OK for f in EVERY_DAY if LONG or f.name in SAID_AND_EDITED[b]
    ]
    outcomes: list[Outcome] = []
    for flow, behaviour in asked:
        step("flows, each under a behaviour of Slack's", len(outcomes), len(asked))
        outcomes.append(scene.climb(flow, behaviour))
    points = sum(outcome.points for outcome in outcomes)
    figures(points=points, towns_finished_by_another=sum(o.states for o in outcomes), flows=len(EVERY_DAY))
    assert [said(outcome) for outcome in outcomes if not (outcome.verdict.clean and not outcome.astray)] == []
    assert points >= AT_LEAST["sqlite" if scene.on_sqlite else "postgresql"]


def test_the_same_deaths_show_what_a_worse_bot_does(scene: Scene) -> None:
    """One that never looks doubles, and one that marks before it sends loses: else these tests would be blind."""
    spoken = next(flow for flow in FLOWS if flow.name == SAID)
    deliveries = [town.house.delivery for town in (scene.runner, scene.successor)]
    ours = [delivery._messenger for delivery in deliveries]
    found = {}
    for worse in (NeverLooks, MarksFirst):
        for delivery, messenger in zip(deliveries, ours, strict=True):
            delivery._messenger = worse(messenger)
        found[worse] = scene.climb(spoken, OK).verdict
    for delivery, messenger in zip(deliveries, ours, strict=True):
        delivery._messenger = messenger
    assert found[NeverLooks].doubled
    assert found[MarksFirst].lost


def said(outcome: Outcome) -> str:
    verdict = outcome.verdict
    found = dict.fromkeys(
        (*verdict.lost, *verdict.doubled, *verdict.torn, *verdict.inverted, *outcome.astray)
    )
    return "\n".join((f"{outcome.flow}, Slack {outcome.behaviour}:", *list(found)[:6]))
