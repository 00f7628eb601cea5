"""Random people do random things for hundreds of steps, and what must always hold is looked at after each."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.walk_first import FIRST_ACTS, FirstActs
from tests.support.walk_later import LATER_ACTS, LaterActs
from tests.support.walk_newer import NEWER_ACTS, NewerActs

DONE = (*FIRST_ACTS, *LATER_ACTS, *NEWER_ACTS)
CLOCKS = frozenset({"the_committee_meets", "time_passes", "the_morning_check"})
"""What lets the clock knock costs a hundred times what else is done, and is done half as often."""

ACTS = ("nobody_does_anything", *DONE, *(act for act in DONE if act not in CLOCKS))


class PeopleMachine(FirstActs, LaterActs, NewerActs, RuleBasedStateMachine):
    """The town, lived in at random. A refusal is an answer; anything else that is raised is a fault of ours."""

    @initialize()
    def settle(self) -> None:
        self.settle_the_town()

    def teardown(self) -> None:
        self.leave()

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def somebody_does_something(self, data: Any, act: str) -> None:
        """One rule for all acts, so that every walk has all of them in it."""
        self.tries(lambda: getattr(self, act)(data.draw))

    @invariant()
    def what_must_always_hold(self) -> None:
        if not hasattr(self, "watch") or not self.something_was_written():
            return
        with self.database.reading.connect() as connection:
            self.watch.look(connection)


STORM = int(os.environ.get("INDGANG_STORM", "0"))
WALKS = 3
"""Hypothesis begins with one in which nothing happens, and one that ends at once; the third has every step.

So in `make test` this is one walk, the same each time until an act is added or changed. A second would cost some twenty
seconds; the many that differ are walked by `make storm` (INDGANG_STORM).
"""

pytestmark = pytest.mark.rule(
    *("R050", "R053", "R057", "R058", "R065", "R068", "R108", "R113"),
    *(
        "T02",
        "T09",
        "T11",
        "T18",
        "T22",
        "T24",
        "T25",
        "T27",
        "T30",
        "T32",
        "D3",
        "D9",
        "D12",
        "D31",
        "D32",
        "D35",
    ),
)
TestPeople = PeopleMachine.TestCase
TestPeople.settings = settings(
    max_examples=STORM or WALKS,
    stateful_step_count=400 if STORM else 450,
    phases=tuple(Phase)
    if STORM
    else (Phase.explicit, Phase.generate),  # a walk found red is made short by `make storm`
    deadline=None,
    derandomize=not STORM,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
