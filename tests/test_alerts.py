"""The alerts and the dashboard are read by Prometheus itself: each alert is shown to sound, and none in a town that is well."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import metrics
from tests.test_metrics import fill

ROOT = Path(__file__).resolve().parents[1]
WATCH = ROOT / "deploy/prometheus"
RULES = yaml.safe_load((WATCH / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
STORIES = sorted(WATCH.glob("*.test.yaml"))
TOLD: list[dict[str, Any]] = [
    story for path in STORIES for story in yaml.safe_load(path.read_text("utf-8"))["tests"]
]


def judged(promtool: str, *words: str | Path, said: bytes = b"") -> str:
    """What promtool says of it; it has nothing against it."""
    done = subprocess.run([promtool, *map(str, words)], input=said, capture_output=True, check=False)
    answer = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, answer
    return answer


@pytest.mark.parametrize("stories", STORIES, ids=lambda path: path.name)
def test_each_alert_sounds_when_it_must_and_none_in_a_town_that_is_well(promtool: str, stories: Path) -> None:
    assert "SUCCESS" in judged(promtool, "test", "rules", stories)


def test_what_prometheus_is_started_with_is_whole(promtool: str) -> None:
    said = judged(promtool, "check", "config", "--lint-fatal", WATCH / "prometheus.yaml")
    assert f"{len(RULES)} rules found" in said


def test_every_figure_of_the_dashboard_can_be_asked_for(promtool: str, tmp_path: Path) -> None:
    panels = json.loads((ROOT / "deploy/grafana/indgang.json").read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(asked)]
    (tmp_path / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(asked)} rules found" in judged(promtool, "check", "rules", tmp_path / "panels.yaml")


def test_what_we_count_is_told_as_prometheus_wants_it(promtool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_looks", {})
    fill()
    metrics.chore_done("agendas")
    assert judged(promtool, "check", "metrics", said=metrics.page()) == ""


# Without promtool too.


def sounds(story: dict[str, Any]) -> set[str]:
    samples = [sample for test in story["promql_expr_test"] for sample in test["exp_samples"]]
    return {name for sample in samples for name in re.findall(r'alertname="(\w+)"', sample["labels"])}


def series_of(story: dict[str, Any]) -> set[str]:
    return {one["series"].partition("{")[0] for one in story["input_series"]}


def test_for_each_alert_it_is_told_when_it_sounds_and_when_not_yet() -> None:
    named = {rule["alert"] for rule in RULES}
    assert {name for story in TOLD for name in sounds(story)} == named
    assert {story["name"].partition(":")[0] for story in TOLD} >= named


def test_a_town_that_is_well_has_all_that_the_alerts_look_at() -> None:
    """Where a series is missing nothing can sound, and silence proves nothing."""
    (whole,) = [story for story in TOLD if story["name"].startswith("well for 28 hours")]
    looked_at = {name for rule in RULES for name in re.findall(r"indgang_\w+", rule["expr"])}
    assert sounds(whole) == set() and looked_at <= series_of(whole)


def test_the_towns_are_told_in_series_that_the_program_has() -> None:
    fill()
    metrics.chore_done("agendas")
    metrics.page(looking=False)
    known = {(name, *sorted(labels)) for name, labels in metrics.series()}
    told = {
        (name, *sorted(set(re.findall(r"(\w+)=", labels)) - {"instance"}))
        for story in TOLD
        for one in story["input_series"]
        for name, labels in re.findall(r"(\w+)\{(.*)\}", one["series"])
    }
    assert told <= known
