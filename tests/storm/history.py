"""Decides what became of a town, from Slack's own lines and the bare rows; shares no code with the bot.

Lost: owed and not standing in Slack, or marked as sent and not there. Doubled: one key, posted more than once. Torn: a
row that says one thing while Slack, the ledger or the journal says another. Order: per recipient, as it was numbered.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
"""Every table by its name."""

OF_CASES = ("cases", "presentations", "frames", "tasks", "ballots", "substitutes", "handovers", "gatherings")
MORE_OF_CASES = ("adjustments", "documents", "belongings", "after_closings", "advice_requests", "transitions")
TAKES = {"expense": 1, "commitment": 1, "reversal": -1, "release": -1}
PASSING = {"notices": ("kind", "to", "seq", "facts", "state", "handled", "case_id", "key")}
"""Of a message only what it is; how often it was tried and by whom is not the same twice."""
LEFT_OUT = ("lanes", "journal_links", "sqlite_sequence")
"""Who rests until when, which passes; and what is worked out from the ids themselves."""
ALONE = ("journal", "journaled")
"""Numbered by the database, which may skip a number."""


@dataclass(frozen=True)
class Verdict:
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    inverted: tuple[str, ...] = ()
    posts: int = field(default=0, compare=False)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.torn or self.inverted)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def judge(
    lines: Iterable[Row],
    rows: Rows,
    *,
    before: Rows | None = None,
    delayed: frozenset[str] = frozenset(),
    called_off: bool = True,
) -> Verdict:
    """`before`: the rows as they were when it began. `delayed`: kinds that are told for later, and come when they come.

    Not `called_off`: nothing happens here that could make a message needless, so one that never came is lost.
    """
    lines = list(lines)
    posts = [line for line in lines if line["did"] == "post" and not line.get("late")]
    notices = {n["id"]: n for n in rows["notices"]}
    torn = [*_ledger(rows), *_strangers(posts, notices), *_elsewhere(lines, notices)]
    if before is not None:
        torn += _unjournaled(before, rows)
    return Verdict(
        lost=(*_lost(lines, notices), *(() if called_off else _silenced(lines, notices))),
        doubled=(*_doubled(posts), *_late(lines)),
        torn=tuple(torn),
        inverted=tuple(_inverted(posts, notices, delayed)),
        posts=len(posts),
    )


def unkept(askings: Iterable[Row], rows: Rows) -> Iterable[str]:
    """Somebody was told that it is done, and it is not there."""
    taken = {row["key"] for row in rows["intake"]}
    entries, told = {row["id"] for row in rows["entries"]}, {row["key"] for row in rows["notices"]}
    leaders = {key.split(":")[1] for key in told if key.startswith("referral:")}
    for asking in askings:
        if asking["said"] != "done":
            continue
        there = leaders if asking["act"] == "asks" else entries
        if asking["key"] not in taken or asking["result"] not in there:
            yield f"{asking['act']} {asking['key']} was answered with {asking['result']}, which is not there"


def _lost(lines: list[Row], notices: dict[str, Row]) -> Iterable[str]:
    there = {line["key"] for line in lines if line["did"] == "post"}
    for key, notice in notices.items():
        name = f"{notice['key']} to {notice['to']}"
        if notice["state"] in ("pending", "sending", "parked", "dead"):
            yield f"{name} is still {notice['state']} ({notice['error']})"
        elif notice["state"] == "sent" and key not in there:
            yield f"{name} is marked as sent, and Slack never got it"
        elif notice["state"] == "sent" and notice["revision"] != notice["shown_revision"]:
            yield f"{name} was to be shown anew, and was not"


def _silenced(lines: list[Row], notices: dict[str, Row]) -> Iterable[str]:
    there = {line["key"] for line in lines if line["did"] == "post"}
    for key, notice in notices.items():
        if notice["state"] == "cancelled" and key not in there:
            yield f"{notice['key']} to {notice['to']} was called off, and nothing had made it needless"


def _doubled(posts: list[Row]) -> Iterable[str]:
    counted = Counter(post["key"] for post in posts)
    return (f"{key} was posted {times} times" for key, times in counted.items() if times > 1)


def _late(lines: list[Row]) -> Iterable[str]:
    """Slack took it long after its line was given up, which nobody can prevent: it may stand until somebody sweeps."""
    gone = {(line["channel"], line["ts"]) for line in lines if line["did"] == "delete"}
    for line in lines:
        if line.get("late") and (line["channel"], line["ts"]) not in gone:
            yield f"{line['key']} came late, and stands there beside the first"


def _strangers(posts: list[Row], notices: dict[str, Row]) -> Iterable[str]:
    """Said to somebody, and nothing in the house knows of it."""
    for post in posts:
        if post["key"] not in notices:
            yield f"{post['key']} stands in Slack, and no row owes it"
        elif notices[post["key"]]["to"] != post["to"]:
            yield f"{post['key']} was said to {post['to']}, and owed to {notices[post['key']]['to']}"


def _elsewhere(lines: list[Row], notices: dict[str, Row]) -> Iterable[str]:
    """The row remembers another place than where the message stands."""
    said = [line for line in lines if line["did"] == "post" and not line.get("late")]
    places = {line["key"]: (line["channel"], line["ts"]) for line in said}
    for key, notice in notices.items():
        if notice["state"] == "sent" and key in places and (notice["channel"], notice["ts"]) != places[key]:
            yield f"{notice['key']} stands at {places[key]}, and the row says {notice['channel']} {notice['ts']}"


def _inverted(posts: list[Row], notices: dict[str, Row], delayed: frozenset[str]) -> Iterable[str]:
    last: dict[str, int] = {}
    for post in posts:
        notice = notices.get(post["key"])
        if notice is None or notice["kind"] in delayed:
            continue
        if notice["seq"] < last.get(notice["to"], 0):
            yield f"{notice['key']} (number {notice['seq']}) came after number {last[notice['to']]}"
        last[notice["to"]] = max(notice["seq"], last.get(notice["to"], 0))


def _ledger(rows: Rows) -> Iterable[str]:
    """No øre wrong: a frame's figure is the sum of its entries, never below nothing and never over the frame."""
    sums: Counter[str] = Counter()
    for entry in rows["entries"]:
        sums[entry["frame_id"]] += TAKES[entry["kind"]] * entry["amount_ore"]
    for frame in rows["frames"]:
        if frame["used_ore"] != sums[frame["id"]]:
            yield f"frame {frame['id']} says {frame['used_ore']}, its entries {sums[frame['id']]}"
        if not 0 <= frame["used_ore"] <= frame["amount_ore"]:
            yield f"frame {frame['id']} is overspent: {frame['used_ore']} of {frame['amount_ore']}"


def _unjournaled(before: Rows, after: Rows) -> Iterable[str]:
    """A case of which anything changed has a line in the journal since."""
    begun = max((entry["seq"] for entry in before["journal"]), default=0)
    said = {entry["case_id"] for entry in after["journal"] if entry["seq"] > begun}
    for table in (*OF_CASES, *MORE_OF_CASES):
        for case in _changed(
            before.get(table, []), after.get(table, []), of_case="id" if table == "cases" else "case_id"
        ):
            if case not in said:
                yield f"{table} of {case} changed, and the journal says nothing"


def _changed(before: list[Row], after: list[Row], *, of_case: str) -> set[Any]:
    old, new = _prints(before), _prints(after)
    changed = [row for text, row in new.items() if text not in old]
    changed += [row for text, row in old.items() if text not in new]
    return {row[of_case] for row in changed}


def _prints(rows: list[Row]) -> dict[str, Row]:
    return {json.dumps(row, sort_keys=True, default=str): row for row in rows}


# --- whether two towns came to the same ---

_ID = re.compile(r'\b(?:ra|sp|id)\d{5}\b|(?<="n:)[a-z]{26}(?=")')
"""Of a row; and of a message, made of its key, in which an id may be."""
_WAIT = r"\d+ besked(?:er)? sendes nu\. (?=Intet er)|(?<!sendes nu\. )(?=Intet er gået tabt)"
_WHEN_SHOWN = re.compile(rf"(?<=opdateret )\w+ kl\. \d+\.\d+|{_WAIT}")
_WHEN_SENT = re.compile(r"_Forsinket: sendt [^_]*_\\n")
"""As it is at the moment it is said: when it was changed, how many wait still, if any, and whether it was late by then
(which `test_weeks.py` judges).
"""


def come_to(rows: Rows, lines: Iterable[Row]) -> dict[str, Any]:
    """Everything that should be the same whether somebody was killed on the way or not; ids are only that they are."""
    found: dict[str, Any] = {}
    for table, held in rows.items():
        if table in LEFT_OUT:
            continue
        names = PASSING.get(table)
        left_out = {"seq", "journal_seq"} if table in ALONE else set()
        found[table] = sorted(
            _plain({k: v for k, v in row.items() if (names is None or k in names) and k not in left_out})
            for row in held
        )
    found["slack"] = sorted(_plain(m) for m in _standing(lines))
    return found


def _standing(lines: Iterable[Row]) -> list[Row]:
    there: dict[tuple[str, str], Row] = {}
    for line in lines:
        place = (line.get("channel", ""), line.get("ts", ""))
        if line["did"] == "delete":
            there.pop(place, None)
        elif line["did"] in ("post", "edit"):
            there[place] = {"channel": line["channel"], "blocks": line["blocks"], "text": line["text"]}
    return list(there.values())


def _plain(row: Row) -> str:
    text = json.dumps(row, sort_keys=True, default=_said, ensure_ascii=False)
    return _WHEN_SENT.sub("", _WHEN_SHOWN.sub("then", _ID.sub("#", text)))


def _said(value: Any) -> str:
    return "sealed" if isinstance(value, bytes | memoryview) else str(value)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What the second has otherwise than the first, a line each."""
    found = []
    for table in sorted(one.keys() | other.keys()):
        before, after = Counter(one.get(table, [])), Counter(other.get(table, []))
        found += [f"{table} lacks {row[:1500]}" for row in (before - after)]
        found += [f"{table} has {row[:1500]}" for row in (after - before)]
    return found


def by_stream(lines: Iterable[Row]) -> dict[str, list[str]]:
    heard: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line["did"] == "post":
            heard[line["to"]].append(line["key"])
    return dict(heard)
