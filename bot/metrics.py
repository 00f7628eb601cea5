"""What is counted while we run, for a Prometheus that asks: never who, which case, which channel, or what was said.

Like the log it may be called from anywhere but the domain, and it costs microseconds. Every label takes its value from
a short list; a value that is not on it becomes `other`, so that no stranger can make the series many. No label is called
`job` or `instance`: so Prometheus calls whom it asked, and ours would be put aside for it.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

OTHER = "other"
KINDS = frozenset({"command", "submit", "close", "action", "options", "shortcut", "event"})
METHODS = frozenset(
    {
        "api.test",
        "apps.connections.open",
        "auth.test",
        "chat.delete",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "conversations.open",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    }
)
HOME = "home"
"""Of what people meet, a Home that could not be drawn: it follows an answer, and is no request of its own."""
Outcome = Literal["ok", "refused", "rate_limited", "ambiguous", "not_reached"]
OUTCOMES = frozenset({"ok", "refused", "rate_limited", "ambiguous", "not_reached"})

HTTP_REASONS = frozenset(
    {
        "calendar",
        "calendar_away",
        "content_type",
        "depth",
        "headers",
        "length",
        "method",
        "place",
        "protocol",
        "replayed",
        "shape",
        "short",
        "signature",
        "stale",
    }
)
"""Why the guard says no (handlers/guard.py), or the server below it (bot/web.py)."""

MOST_NAMES = 40
"""Of refusals' and chores' names, which are written in the program; more than these are `other`."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # it doubles the series and tells nothing
REGISTRY = CollectorRegistry()
CONTENT_TYPE = CONTENT_TYPE_LATEST

_pending = Gauge("indgang_outbox_pending", "Messages owed and not sent yet.", registry=REGISTRY)
_oldest = Gauge(
    "indgang_outbox_oldest_pending_age_seconds",
    "How long the oldest message that may be sent now has been owed; 0 when none is.",
    registry=REGISTRY,
)
_dead = Gauge("indgang_outbox_dead", "Messages given up, waiting for a person.", registry=REGISTRY)
_parked = Gauge(
    "indgang_outbox_parked_destinations", "Channels and people who cannot be written to.", registry=REGISTRY
)
_delivery = Histogram(
    "indgang_outbox_delivery_seconds",
    "From when a message was owed until Slack had it.",
    buckets=(0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
    registry=REGISTRY,
)
_ambiguous = Counter(
    "indgang_outbox_ambiguous",
    "Messages that perhaps were sent: found in Slack, or sent again after a look.",
    ["outcome"],
    registry=REGISTRY,
)
_stream_failed = Counter(
    "indgang_outbox_streams_failed",
    "Times delivery met a fault of ours with one receiver; the others were served.",
    registry=REGISTRY,
)
_doubles = Counter(
    "indgang_outbox_duplicates_removed", "Own doubles found and removed from Slack.", registry=REGISTRY
)
_again = Counter(
    "indgang_inbox_duplicates",
    "Requests that had been handled already when they came again.",
    ["kind"],
    registry=REGISTRY,
)
_acks = Histogram(
    "indgang_ack_seconds",
    "From a request until its answer was decided and acknowledged.",
    ["kind"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 0.8, 1.2, 2, 2.5, 3),
    registry=REGISTRY,
)
_trouble = Counter(
    "indgang_requests_failed",
    "Requests that met a fault of ours, and got a number; and Homes that were not drawn because of one.",
    ["kind"],
    registry=REGISTRY,
)
_fell = Counter(
    "indgang_threads_fallen", "Threads of this process that ended in a fault of ours.", registry=REGISTRY
)
_asked = Counter("indgang_slack_requests", "Calls to Slack.", ["method", "outcome"], registry=REGISTRY)
_limited = Counter(
    "indgang_slack_rate_limited", "Calls that Slack answered with 429.", ["method"], registry=REGISTRY
)
_unknown = Counter(
    "indgang_slack_code_unknown",
    "Answers of Slack's with a code that the program does not know.",
    ["method"],
    registry=REGISTRY,
)
_held_back = Counter(
    "indgang_slack_events_held_back", "Times Slack said that it leaves out events to us.", registry=REGISTRY
)
_denied = Counter("indgang_authz_denied", "Requests turned away, by the rule.", ["rule"], registry=REGISTRY)
_http = Counter("indgang_http_answers", "Answers over HTTP, by status.", ["status"], registry=REGISTRY)
_stopped = Counter(
    "indgang_http_refused",
    "Requests over HTTP that never reached the desks, by reason.",
    ["reason"],
    registry=REGISTRY,
)
_success = Gauge(
    "indgang_schedule_last_success_timestamp_seconds",
    "When the chore was last as it should be: done, or looked at with nothing due.",
    ["chore"],
    registry=REGISTRY,
)
_lag = Gauge(
    "indgang_schedule_lag_seconds",
    "How long since the chore was last as it should be.",
    ["chore"],
    registry=REGISTRY,
)
_failed = Counter("indgang_schedule_failed", "Attempts at a chore that failed.", ["chore"], registry=REGISTRY)
_unreadable = Counter(
    "indgang_unreadable_rows",
    "Times a row that cannot be read was met; its case was left out, and that was said. Which, the log says.",
    registry=REGISTRY,
)
_skew = Gauge(
    "indgang_clock_skew_seconds",
    "The database's clock, or Slack's when that is further off, less this machine's.",
    registry=REGISTRY,
)
_lines = Gauge("indgang_socket_connections", "Open connections to Slack (Socket Mode).", registry=REGISTRY)
_shut_out = Gauge(
    "indgang_slack_shut_out", "1 when Slack does not take our token; what is owed waits.", registry=REGISTRY
)
_homes = Gauge(
    "indgang_homes_refused_people",
    "How many different people's Home Slack has refused in the last half hour.",
    registry=REGISTRY,
)
_backup = Gauge(
    "indgang_backup_last_success_timestamp_seconds",
    "When the last backup was finished; 0 when there has been none, NaN before the database was first asked.",
    registry=REGISTRY,
)
_whole = Gauge(
    "indgang_journal_whole",
    "1 when the journal was whole the last time it was looked through, 0 when not; -1 before the first time.",
    registry=REGISTRY,
)
_unmarked = Counter(
    "indgang_journal_mark_failures",
    "Times the file for the journal's marks could not be written or read.",
    registry=REGISTRY,
)
_waits = Gauge(
    "indgang_restore_unconfirmed",
    "1 when the database was restored, and nobody has let agendas and reminders go on yet.",
    registry=REGISTRY,
)
_ready = Gauge("indgang_ready", "1 when this process may be given work.", registry=REGISTRY)
_build = Gauge("indgang_build_info", "Always 1.", ["version", "mode"], registry=REGISTRY)
_started = Gauge("indgang_started_timestamp_seconds", "When this process began.", registry=REGISTRY)

# Nobody has looked yet: a database that hangs when we are first read has said neither »broken« nor »never«.
_whole.set(-1)
_backup.set(math.nan)

# At nought from the start: the first rise of a series that was not there is seen by nobody.
for _kind in (*KINDS, OTHER):
    _trouble.labels(_kind)
    _acks.labels(_kind)
_trouble.labels(HOME)
for _method in (*METHODS, OTHER):
    _limited.labels(_method)
    _unknown.labels(_method)
_asked.labels("views.publish", "ok")  # Homes that nobody can be shown have an alert
for _reason in (*HTTP_REASONS, OTHER):
    _stopped.labels(_reason)

_lock = threading.Lock()
_names: dict[str, set[str]] = {}
_succeeded: dict[str, float] = {}
_looks: dict[str, Callable[[], object]] = {}


# What others tell.


def outbox(*, pending: int, oldest_seconds: float, dead: int, parked: int) -> None:
    """How the outbox stands now; `parked` counts places, not messages."""
    _pending.set(pending)
    _oldest.set(oldest_seconds)
    _dead.set(dead)
    _parked.set(parked)


def standing(*, shut_out: bool, backed_up_at: float, journal_whole: bool | None, restore_waits: bool) -> None:
    """What the database knows of the installation; `backed_up_at` in seconds since 1970, 0 for never."""
    _shut_out.set(shut_out)
    _backup.set(backed_up_at)
    _waits.set(restore_waits)
    _whole.set(-1 if journal_whole is None else int(journal_whole))


def delivered(seconds: float) -> None:
    """A message is in Slack; `seconds` since it was owed."""
    _delivery.observe(seconds)


def ambiguous(outcome: Literal["found", "resent"]) -> None:
    """A message that was perhaps sent has been looked for."""
    _ambiguous.labels(outcome).inc()


def stream_failed() -> None:
    """A message met a fault of ours; it is taken up again, and the others are served."""
    _stream_failed.inc()


def duplicate_removed() -> None:
    """A double of our own was found in Slack and taken away."""
    _doubles.inc()


def slack(method: str, outcome: Outcome) -> None:
    """One call to Slack, and what came of it."""
    _asked.labels(_one_of(METHODS, method), _one_of(OUTCOMES, outcome)).inc()
    if outcome == "rate_limited":
        _limited.labels(_one_of(METHODS, method)).inc()


def slack_code_unknown(method: str) -> None:
    """Slack said something that no table of ours knows."""
    _unknown.labels(_one_of(METHODS, method)).inc()


def events_held_back() -> None:
    """Slack says that it does not tell us of everything now."""
    _held_back.inc()


def acked(kind: str, seconds: float) -> None:
    """A request has its answer."""
    _acks.labels(_one_of(KINDS, kind)).observe(seconds)


def asked_again(kind: str) -> None:
    """A request that had been handled came once more."""
    _again.labels(_one_of(KINDS, kind)).inc()


def failed(kind: str) -> None:
    """A request met a fault of ours, or what was to be drawn after it (`HOME`) did."""
    _trouble.labels(_one_of(KINDS | {HOME}, kind)).inc()


def thread_fell() -> None:
    """A thread has ended in a fault that nobody caught."""
    _fell.inc()


def homes_refused(people: int) -> None:
    """So many different people Slack has refused to show their Home lately."""
    _homes.set(people)


def denied(rule: str) -> None:
    """Somebody was turned away; `rule` is the refusal's class."""
    _denied.labels(_few("rule", rule)).inc()


def http_answer(status: int) -> None:
    _http.labels(str(status) if status in (200, 401, 404, 413, 503) else OTHER).inc()


def http_refused(reason: str) -> None:
    """The guard before the desks said no; `reason` is its word for it."""
    _stopped.labels(_one_of(HTTP_REASONS, reason)).inc()


def chore_done(chore: str) -> None:
    """The chore was done, or looked at with nothing due."""
    chore = _few("chore", chore)
    _succeeded[chore] = time.time()
    _failed.labels(chore)  # at nought from the start, so that its rise can be seen


def chore_failed(chore: str) -> None:
    chore = _few("chore", chore)
    _succeeded.setdefault(chore, time.time())
    _failed.labels(chore).inc()


def unreadable() -> None:
    """A row that cannot be read was met."""
    _unreadable.inc()


def mark_unwritten() -> None:
    """The file for the journal's marks is away."""
    _unmarked.inc()


def clock_skew(seconds: float) -> None:
    _skew.set(seconds)


def ready(is_ready: bool) -> None:
    _ready.set(is_ready)


def build(*, version: str, mode: Literal["socket", "http", "clock"]) -> None:
    """What runs here. Said once, at start."""
    _build.clear()
    _build.labels(version, mode).set(1)
    _started.set(time.time())


def sockets(count: int) -> None:
    _lines.set(count)


def looked_at(name: str, look: Callable[[], object]) -> None:
    """`look` is called right before each reading, to tell what is only known by looking; the last one by a name counts."""
    _looks[name] = look


# What a reader gets.


def page(
    *,
    looking: bool = True,
    forgiven: tuple[type[Exception], ...] = (),
    missed: Callable[[Exception], object] = lambda _: None,
) -> bytes:
    """Everything counted, as Prometheus reads it. A look that meets what is `forgiven` is `missed`, and no other is."""
    for look in list(_looks.values()) if looking else ():
        try:
            look()
        except forgiven as why:
            missed(why)
    for chore, at in list(_succeeded.items()):
        _success.labels(chore).set(at)
        _lag.labels(chore).set(max(0.0, time.time() - at))
    return bytes(generate_latest(REGISTRY))


def series() -> Iterable[tuple[str, Mapping[str, str]]]:
    """Each series' name and labels: for tests, and for whoever draws them."""
    return ((sample.name, sample.labels) for metric in REGISTRY.collect() for sample in metric.samples)


def names() -> frozenset[str]:
    """The names a dashboard or an alert may use."""
    return frozenset(
        name
        for metric in REGISTRY.collect()
        for name in (
            (f"{metric.name}_bucket", f"{metric.name}_count", f"{metric.name}_sum")
            if metric.type == "histogram"
            else (f"{metric.name}_total",)
            if metric.type == "counter"
            else (metric.name,)
        )
    )


def _one_of(known: frozenset[str], value: str) -> str:
    return value if value in known else OTHER


def _few(label: str, value: str) -> str:
    """A name of our own program's; when there are too many, something is wrong, and the rest are one."""
    with _lock:
        seen = _names.setdefault(label, set())
        if value in seen or len(seen) < MOST_NAMES:
            seen.add(value)
            return value
    return OTHER
