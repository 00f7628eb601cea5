"""What is counted: by names anybody may read, about nobody, and never too much."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot import metrics

ROOT = Path(__file__).resolve().parents[1]

LABELS = {"kind", "outcome", "method", "rule", "status", "reason", "chore", "version", "mode", "le"}
"""No user, no case, no channel: a new label is a decision about privacy. Nor `job` and `instance`, which are Prometheus' own."""


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of another story in this process has its database no longer."""
    monkeypatch.setattr(metrics, "_looks", {})


def fill() -> None:
    """Every label takes every value it can, and more than it may."""
    stray = [secrets.token_hex(4) for _ in range(200)]
    for kind in (*metrics.KINDS, *stray):
        metrics.acked(kind, 0.1)
        metrics.asked_again(kind)
        metrics.failed(kind)
    for method in (*metrics.METHODS, *stray):
        metrics.slack_code_unknown(method)
        for outcome in get_args(metrics.Outcome):
            metrics.slack(method, outcome)
    for word in stray:
        metrics.denied(word)
        metrics.http_refused(word)
        metrics.chore_done(word)
        metrics.chore_failed(word)
    for status in range(600):
        metrics.http_answer(status)
    metrics.ambiguous("found")
    metrics.ambiguous("resent")
    metrics.build(version="1.2.3", mode="http")
    metrics.page(looking=False)


def test_there_are_never_five_hundred_series_and_no_label_tells_of_anybody() -> None:
    fill()
    found = list(metrics.series())
    assert len(found) < 500, len(found)
    assert {label for _, labels in found for label in labels} <= LABELS
    assert all(name.startswith("indgang_") for name, _ in found)


def test_a_reading_has_what_was_told() -> None:
    metrics.outbox(pending=3, oldest_seconds=12.5, dead=1, parked=2)
    metrics.delivered(0.7)
    page = metrics.page().decode()
    assert "indgang_outbox_pending 3.0" in page
    assert "indgang_outbox_oldest_pending_age_seconds 12.5" in page
    assert 'indgang_outbox_delivery_seconds_bucket{le="1.0"}' in page


def test_what_is_only_known_by_looking_is_looked_at_when_somebody_reads() -> None:
    metrics.looked_at("the test's own", lambda: metrics.outbox(pending=7, oldest_seconds=0, dead=0, parked=0))
    assert b"indgang_outbox_pending 7.0" in metrics.page()
    metrics.looked_at("the test's own", lambda: None)


def test_why_a_request_is_refused_is_on_the_list() -> None:
    guard = (ROOT / "handlers/guard.py").read_text("utf-8")
    reasons = set(re.findall(r'(?:HTTPStatus\.\w+, |_shapeless\()"(\w+)"', guard)) | {"shape"}
    below = set(re.findall(r'http_refused\("(\w+)"\)', (ROOT / "bot/web.py").read_text("utf-8")))
    assert below and reasons | below == metrics.HTTP_REASONS


def test_what_an_alert_waits_for_is_at_nought_before_it_first_happens() -> None:
    """Prometheus sees no rise in a series that begins with it: a single torn row in a quiet night would wake nobody."""
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    asked = " ".join(rule["expr"] for rule in alerts)
    watched = re.findall(r"(?:increase|rate)\((indgang_\w+)(?:\{([^}]*)\})?\[", asked)
    fill()
    fresh = subprocess.run(
        [sys.executable, "-c", "from bot import metrics; print(metrics.page().decode())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    there = set(re.findall(r"^(indgang_\w+(?:\{.*\})?) 0\.0$", fresh, re.MULTILINE))
    late = [
        line
        for name, only in watched
        for line in re.findall(rf"^({name}(?:\{{.*\}})?) ", metrics.page().decode(), re.MULTILINE)
        if all(match in line for match in only.split(",")) and line not in there
    ]
    assert len(watched) >= asked.count("increase(") > 8 and late == []
