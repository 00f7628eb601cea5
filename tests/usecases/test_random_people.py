"""Random people do random things for hundreds of steps, and what must always hold is looked at after each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.walk import Draw
from tests.support.walk_first import FIRST_ACTS, FirstActs
from tests.support.walk_later import LATER_ACTS, LaterActs
from tests.support.walk_newer import NEWER_ACTS, NewerActs

DONE = (*FIRST_ACTS, *LATER_ACTS, *NEWER_ACTS)
CLOCKS = frozenset({"the_committee_meets", "time_passes", "the_morning_check"})
"""What lets the clock knock costs a hundred times what else is done, and is done half as often."""

ACTS = (*DONE, *(act for act in DONE if act not in CLOCKS))
NOTHING = "nobody does anything"
"""The simplest act of all: Hypothesis begins with a walk that is made of it, and makes others short by it."""

walked: Counter[str] = Counter()


class People(FirstActs, LaterActs, NewerActs):
    """The town, lived in at random. A refusal is an answer; anything else that is raised is a fault of ours."""

    steps = 0

    def does(self, act: str, draw: Draw) -> None:
        walked["walks"] += self.steps == 0
        self.steps += 1
        walked["steps"] += 1
        walked["done"] += self.tries(lambda: getattr(self, act)(draw))

    def look(self) -> None:
        """At what must always hold."""
        if self.something_was_written():
            with self.database.reading.connect() as connection:
                self.watch.look(connection)


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[None]:
    walked.clear()
    yield
    said = f"{walked['walks']} walks, {walked['steps']} steps of which {walked['done']} were not refused"
    record_property("figures", f"random people, {request.node.name}: {said}")


STORM = int(os.environ.get("INDGANG_STORM", "0"))
SEEDS, STEPS = (1, 2, 3), 150
"""As many steps as one walk of 450, and three different ways: a town that is young costs less to look at."""

pytestmark = pytest.mark.rule(
    *("R050", "R053", "R057", "R058", "R065", "R068", "R108", "R113"),
    *("T02", "T09", "T11", "T18", "T22", "T24", "T25", "T27", "T30", "T32"),
    *("D3", "D9", "D12", "D31", "D32", "D35"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_people_leave_everything_as_it_must_be(seed: int) -> None:
    """Drawn by the seed alone, a step at a time: the same walk each time until an act is added or changed.

    Hypothesis itself begins with a walk in which everything is the simplest there is, so that nobody does anything, and
    with one that ends at once; of three walks one was real.
    """
    people = People()
    people.settle_the_town()
    try:
        for step in range(STEPS):
            draw = ConjectureData(random=Random(f"{seed}:{step}")).draw
            act = draw(st.sampled_from(ACTS))
            try:
                people.does(act, draw)
                people.look()
            except BaseException as fault:
                fault.add_note(f"walk {seed}, step {step}: {act}")
                raise
    finally:
        people.leave()
    assert walked["done"] >= STEPS / 3, "who is refused everything has tried nothing"


class PeopleMachine(People, RuleBasedStateMachine):
    """As Hypothesis walks, at random: what it finds red it makes short."""

    @initialize()
    def settle(self) -> None:
        self.settle_the_town()

    def teardown(self) -> None:
        self.leave()

    @rule(data=st.data(), act=st.sampled_from((NOTHING, *ACTS)))
    def somebody_does_something(self, data: Any, act: str) -> None:
        """One rule for all acts, so that every walk has all of them in it."""
        if act != NOTHING:
            self.does(act, data.draw)

    @invariant()
    def what_must_always_hold(self) -> None:
        if hasattr(self, "watch"):
            self.look()


if STORM:
    TestPeople = PeopleMachine.TestCase
    TestPeople.settings = settings(
        max_examples=STORM,
        stateful_step_count=400,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
