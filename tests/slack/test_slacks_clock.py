"""A machine whose clock is wrong hears it from Slack: with SQLite nobody else could say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.health import APART_FROM_SLACK, Health
from bot.metrics import REGISTRY
from bot.slack.slacks_clock import HOLDS, SlacksClock
from storage.engine import Database

AT = datetime(2026, 11, 16, 7, 0, 0, tzinfo=UTC)
SAID = "Mon, 16 Nov 2026 07:00:00 GMT"


class Machine:
    """Its clock, which may be set, and the seconds since it was switched on, which may not."""

    def __init__(self) -> None:
        self.wrong, self.seconds = timedelta(0), 0.0

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.seconds) + self.wrong

    def steady(self) -> float:
        return self.seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def slack(machine: Machine) -> SlacksClock:
    return SlacksClock(machine.now, machine.steady)


def test_a_clock_that_is_set_wrong_is_found_without_another_answer(
    machine: Machine, slack: SlacksClock
) -> None:
    slack.hear(SAID)
    machine.seconds = 600
    assert slack.ahead() == timedelta(0)
    machine.wrong = timedelta(hours=2)
    assert slack.ahead() == -timedelta(hours=2)
    machine.wrong = timedelta(0)
    assert slack.ahead() == timedelta(0)


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_an_answer_without_a_time_says_nothing(
    machine: Machine, slack: SlacksClock, date: str | None
) -> None:
    slack.hear(SAID)
    slack.hear(date)
    machine.wrong = timedelta(minutes=3)
    assert slack.ahead() == -timedelta(minutes=3)


def test_what_was_heard_long_ago_says_nothing(machine: Machine, slack: SlacksClock) -> None:
    assert slack.ahead() == timedelta(0)
    slack.hear(SAID)
    machine.wrong, machine.seconds = timedelta(hours=2), HOLDS + 1
    assert slack.ahead() == timedelta(0)


@pytest.mark.parametrize(
    ("ahead", "agree"), [(timedelta(0), True), (APART_FROM_SLACK, True), (-2 * APART_FROM_SLACK, False)]
)
def test_nothing_falls_due_by_a_clock_that_slack_denies(
    database: Database, ahead: timedelta, agree: bool
) -> None:
    health = Health(database, now=lambda: datetime.now(UTC), slack_ahead=lambda: ahead)
    assert health.clocks_agree() is agree
    assert REGISTRY.get_sample_value("indgang_clock_skew_seconds") == pytest.approx(
        ahead.total_seconds(), abs=2
    )
    health.serve()
    assert health.in_the_way() == (() if agree else ("clock",))
