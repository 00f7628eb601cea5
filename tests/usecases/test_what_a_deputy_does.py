"""Whoever comes back hears how much the deputy did: each thing a leader, secretary or chair may do is counted, or has a
reason why it is not (D31). What there is to do is found in the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.usecases.while_away import ANSWERS, LED, MEETINGS

ROOT = Path(__file__).resolve().parents[2]
MAY = re.compile(
    r"Role\.(AREA_LEADER|DEPUTY_LEADER|SECRETARY|CHAIR)\b|\.leads\(|\.runs\(|\.runs_meetings|ROLES_OF_A_COMMITTEE"
)
NOT_COUNTED = {
    "takes back what was done a moment ago; it stays one thing": (
        *("after_closing_undone", "answer_undone", "ballot_answer_undone", "closing_taken_back"),
        *("extra_meeting_undone", "leader_conflict_undone", "measure_start_undone", "meeting_cancel_undone"),
        *(
            "meeting_move_undone",
            "regrets_undone",
            "substitute_undone",
            "taken_off_undone",
            "task_tick_undone",
            "urgent_choice_undone",
        ),
    ),
    "is said for oneself, whatever one is lent": (
        *("away", "ballot_answered", "conflict_declared", "leader_conflicted"),
        *("regrets_sent", "stand_in_answered"),
    ),
    "comes of what a member said for themselves": ("ballot_to_meeting",),
    "comes of an advice that is set aside, which is counted": ("follow_up_agreed",),
    "is asked for by whoever works with the case, and counted when it is answered": (
        *(
            "advice_asked",
            "briefing_raised",
            "change_raised",
            "closing_asked",
            "doubt_raised",
            "exemption_asked",
        ),
        *("missing_answered", "new_date_asked", "new_frame_asked", "referral_requested", "support_asked"),
        *("caseworker_change_asked", "group_asked"),
    ),
    "is the caseworker's; a leader may do it too": ("consent_recorded", "frame_used", "note_journaled"),
    "is a check by whoever followed the case, three and six months on": (
        *("after_closing_holds", "after_closing_does_not_hold", "after_closing_confirmed"),
    ),
    "is about a colleague and no case; the substitutes it gives are counted": (
        "away_approved",
        "colleague_ill",
    ),
    "is about a message that did not come through, and no casework": ("outbox_cancelled", "outbox_retried"),
    "is written down and read elsewhere, by name": (
        "emergency_opened",
        "emergency_looked_at",
        "sample_signed",
    ),
    "is a part of the meeting that was begun, or of the minutes that were approved": (
        *("item_recorded", "minutes_entered"),
    ),
    "is about no meeting and no case": ("channel_chosen", "practice_written", "sent_again"),
}
COMPUTED = {
    "_ACT[kind]": ("change_raised", "doubt_raised", "briefing_raised"),
    "f'after_closing_{known}'": (
        "after_closing_holds",
        "after_closing_does_not_hold",
        "after_closing_confirmed",
    ),
    "'measure_started' if on else 'measure_start_undone'": ("measure_started", "measure_start_undone"),
    "closings: act": ("closing_asked", "support_asked"),
    "handovers: act": ("caseworker_change_asked", "group_asked"),
    "substitutes: act": ("substitute_ended", "substitute_undone"),
}
"""What an act is called where its name is put together."""


class Module:
    """A file of use cases: what each public method that writes reaches within it."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.functions: dict[str, ast.FunctionDef] = {}
        for node in ast.parse(path.read_text("utf-8")).body:
            within = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for part in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(part, ast.FunctionDef):
                    self.functions[within + part.name] = part
        self.said = {name: ast.unparse(part) for name, part in self.functions.items()}

    def acts(self) -> Iterator[tuple[str, str]]:
        """Each method asked by somebody in one of the roles, and an act it writes down."""
        for name, said in self.said.items():
            asked = "_open_work(asked" in said or "_open_work(replace(asked" in said
            if asked and "." in name and not name.partition(".")[2].startswith("_"):
                reached = self._reached(name, set())
                if any(MAY.search(self.said[part]) for part in reached):
                    yield from ((f"{self.name}.{name}", act) for part in reached for act in self._noted(part))

    def _reached(self, name: str, seen: set[str]) -> set[str]:
        seen.add(name)
        within = name.rpartition(".")[0]
        for call in (n.func for n in ast.walk(self.functions[name]) if isinstance(n, ast.Call)):
            called = ast.unparse(call).replace("self.", f"{within}.", 1)
            if called in self.functions and called not in seen:
                self._reached(called, seen)
        return seen

    def _noted(self, name: str) -> Iterator[str]:
        for call in ast.walk(self.functions[name]):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".note"):
                act = call.args[0]
                said = ast.unparse(act)
                if isinstance(act, ast.Constant):
                    yield str(act.value)
                else:
                    yield from COMPUTED.get(said) or COMPUTED[f"{self.name}: {said}"]


@pytest.mark.rule("D31")
def test_each_act_of_a_leader_a_secretary_or_a_chair_is_counted_or_has_a_reason() -> None:
    done: dict[str, set[str]] = {}
    for path in sorted((ROOT / "bot/usecases").glob("*.py")):
        for method, act in Module(path).acts():
            done.setdefault(act, set()).add(method)
    assert len(done) > 60
    excepted = {act for acts in NOT_COUNTED.values() for act in acts}
    counted = ANSWERS | LED | MEETINGS
    assert {act: sorted(methods) for act, methods in done.items() if act not in counted | excepted} == {}
    assert excepted - done.keys() == set(), "done no more"
    assert excepted & counted == set()


def test_what_is_counted_is_written_down_somewhere() -> None:
    written = "".join(
        p.read_text("utf-8") for p in (ROOT / "bot/usecases").glob("*.py") if p.stem != "while_away"
    )
    assert [act for act in (*ANSWERS, *LED, *MEETINGS) if f'"{act}"' not in written] == []
