"""What the committee decides on an item: what may be chosen, what must be there before it counts, what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.case import Case
from bot.domain.closing import MET, NotTheCriterion, SupportReasonMissing
from bot.domain.errors import Refusal
from bot.domain.follow_up import FollowUpTooEarly
from bot.domain.frame import FrameOutsideRange
from bot.domain.money import Kroner
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Decision, FrameTerms, Kind, Presentation, Recommendation
from bot.domain.rules import Rules
from bot.domain.target_group import expect_consent

AS_RECOMMENDED, CHANGED, POSTPONED, OUT_OF_SCOPE, DISCUSSED = (
    "as_recommended",
    "changed",
    "postponed",
    "out_of_scope",
    "discussed",
)
DECIDING = frozenset({AS_RECOMMENDED, CHANGED})
"""The choices by which something is decided, so that the young person's part must be recorded (R047)."""

ONLY_TALK = frozenset(
    {
        Kind.DOUBT,
        Kind.BRIEFING,
        Kind.ADVISORY,  # R107
    }
)
"""Kinds that are over when they have been talked through; any other comes back."""

POINTS: dict[Kind, tuple[str, ...]] = {
    Kind.NEW: ("plan", "caseworker", "frame", "payer", "follow_up"),
    Kind.CHANGE: ("plan", "measures", "frame", "payer", "follow_up"),
    Kind.FOLLOW_UP: ("outcome", "plan", "frame", "payer", "follow_up"),
    Kind.FRAME_CHANGE: ("frame", "payer"),
    Kind.CASEWORKER_CHANGE: ("caseworker",),
    Kind.CLOSURE: ("closing", "support"),
    Kind.CONTINUED_SUPPORT: ("follow_up",),
}
"""The points of a recommendation that may be changed at the table, by kind."""

PARTICIPATION_OF_OWN_VIEW = {
    "conversation": "heard_in_conversation",
    "written": "heard_in_writing",
    "declined": "declined",
}


OTHER_PART = "other"
"""No part of their own in it: the exception that needs a reason (R047)."""


class DecisionMissing(Refusal):
    default_field = "choice"


class ParticipationMissing(Refusal):
    """No decision without the young person's part in it (R047)."""

    default_field = "participation"


class ParticipationReasonMissing(Refusal):
    """That the young person had no part in it is an exception, and has a reason (R047)."""

    default_field = "participation_reason"


class PointsMissing(Refusal):
    """*Med ændringer*, and nothing is changed."""

    default_field = "points"


class PurposesMissing(Refusal):
    """A frame of money is for something (R062)."""

    default_field = "purposes"


class DecisionGaps(Refusal):
    """T15: goals, caseworker, frame or follow-up are missing; facts: missing."""

    default_field = "choice"


class ReasonMissing(Refusal):
    """Postponed, or out of scope: with a reason (T12, T16)."""

    default_field = "reason"


class MeetingMissing(Refusal):
    """Postponed to which meeting?"""

    default_field = "to_meeting"


class ContactMissing(Refusal):
    """Out of scope: an area answers now, and somebody there is the contact (T16)."""

    default_field = "contact"


@dataclass(frozen=True)
class Recording:
    """What stands in the form. `amount` is None where none was written or it could not be read yet."""

    choice: str | None = None
    participation: str | None = None
    participation_reason: str | None = None
    points: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()  # which of the recommended measures and stops are decided
    caseworker: PersonId | None = None
    amount: Kroner | None = None
    purposes: tuple[str, ...] = ()
    payer: AreaCode | None = None
    frame_reason: str | None = None
    follow_up_on: date | None = None
    outcome: str | None = None
    closing: str | None = None
    support_reason: str | None = None  # a closing turned into continued support (T29)
    adopted_from: str | None = None  # with "adopted": whose recommendation is followed (R143)
    also: tuple[str, ...] = ()  # of "adopted", "reservation", "dissent", "conflict", "mandate"
    reservations: tuple[PersonId, ...] = ()
    reservation_points: tuple[str, ...] = ()
    dissent: tuple[PersonId, ...] = ()
    conflicted: tuple[PersonId, ...] = ()
    without_mandate: tuple[PersonId, ...] = ()
    reason: str | None = None
    to_meeting: str | None = None
    area: AreaCode | None = None
    contact: PersonId | None = None
    shown: frozenset[str] | None = None  # the fields that stood in the form; None: all of them

    def asks(self, point: str) -> bool:
        """A point that was ticked just now has no fields yet: it stands as recommended."""
        return self.shown is None or bool(self.shown & {FIELD_OF.get(point, point)})


FIELD_OF = {"plan": "goals", "frame": "purposes", "support": "support_reason"}
"""The field that tells that a point is unfolded, where it has another name."""


def discussion_only(presentation: Presentation) -> bool:
    """Nothing can be decided: the kind is talk, or the item is not ready (D18)."""
    return presentation.kind in ONLY_TALK or presentation.for_discussion_only


def choices_for(presentation: Presentation) -> tuple[str, ...]:
    """»Ikke omfattet« is for new cases only; an item that is not ready is discussed, or postponed (D18, D30)."""
    if discussion_only(presentation):  # R021
        return (DISCUSSED, POSTPONED)
    if presentation.kind == Kind.NEW:
        return (AS_RECOMMENDED, CHANGED, POSTPONED, OUT_OF_SCOPE)
    if presentation.kind in POINTS:
        return (AS_RECOMMENDED, CHANGED, POSTPONED)
    return (AS_RECOMMENDED, POSTPONED)


def draft_of(presentation: Presentation, *, conflicted: tuple[PersonId, ...]) -> Decision:
    """What stands, or what is known before anybody has chosen: the own view, and declared conflicts."""
    if presentation.decision is not None:
        return presentation.decision
    tick = presentation.ticks.get("own_view")
    heard = PARTICIPATION_OF_OWN_VIEW.get(tick.how or "") if tick else None
    return Decision(choice="", participation=heard, conflicted=conflicted)


def drafted(
    presentation: Presentation, recording: Recording, *, rules: Rules, by: PersonId, at: datetime
) -> Decision:
    """The form as it stands, kept however incomplete it is; the young person's part also while it is folded away."""
    before = presentation.decision
    choice = recording.choice if recording.choice in choices_for(presentation) else ""
    changed = choice == CHANGED
    part = recording.participation or draft_of(presentation, conflicted=()).participation
    return Decision(
        choice=choice or "",
        participation=part,
        participation_reason=_why_none(before, recording, part),
        final=_changed(presentation.recommendation, recording, rules) if changed else None,
        changed_points=recording.points if changed else (),
        reservations=recording.reservations if "reservation" in recording.also else (),
        reservation_points=recording.reservation_points if "reservation" in recording.also else (),
        dissent=recording.dissent if "dissent" in recording.also else (),
        conflicted=recording.conflicted if "conflict" in recording.also else (),
        without_mandate=recording.without_mandate if "mandate" in recording.also else (),
        adopted_from=recording.adopted_from if "adopted" in recording.also else None,
        also=recording.also,
        reason=recording.reason if choice in (POSTPONED, OUT_OF_SCOPE) else None,
        to_meeting=recording.to_meeting if choice == POSTPONED else None,
        area=recording.area if choice == OUT_OF_SCOPE else None,
        contact=recording.contact if choice == OUT_OF_SCOPE else None,
        recorded_by=by,
        recorded_at=at,
        complete=False,
        revision=(before.revision if before else 0) + 1,
    )


def _why_none(before: Decision | None, recording: Recording, part: str | None) -> str | None:
    """The reason stands with »andet« alone, also while its field is folded away."""
    if part != OTHER_PART:
        return None
    return recording.participation_reason or (before.participation_reason if before else None)


def same_choices(stands: Decision, draft: Decision) -> bool:
    """Nothing has been chosen otherwise, so that a decision that counts goes on counting."""
    final = stands.final if draft.choice == CHANGED else None
    as_written = {"recorded_by": "", "recorded_at": None, "revision": 0, "complete": False}
    return replace(stands, final=final, **as_written) == replace(draft, **as_written)  # type: ignore[arg-type]


def completed(
    presentation: Presentation, draft: Decision, *, rules: Rules, on: date, case: Case | None = None
) -> Decision:
    """The draft as a decision that counts, made on that day. Raises what is missing, on its field (T12, T15, T16, R047, R061)."""
    if not draft.choice:
        raise DecisionMissing
    if draft.choice == POSTPONED:
        _check_postponed(draft)
    if draft.choice == OUT_OF_SCOPE:
        _check_out_of_scope(draft)
    if draft.choice not in DECIDING:
        return replace(draft, complete=True)
    if case and presentation.kind == Kind.NEW and rules.deciding.consent_first:
        expect_consent(case, field="choice")  # T15, R036
    if not draft.participation and asks_participation(draft.final or presentation.recommendation):  # R047
        raise ParticipationMissing
    if draft.participation == OTHER_PART and not draft.participation_reason:
        raise ParticipationReasonMissing
    if draft.choice == CHANGED and not draft.changed_points:
        raise PointsMissing
    if "adopted" in draft.also and not draft.adopted_from:
        raise ReasonMissing(field="adopted_from")
    final = draft.final or presentation.recommendation
    if "support" in draft.changed_points and not final.support_reason:  # R072
        raise SupportReasonMissing
    _check_final(presentation.kind, final, rules)
    if final.follow_up_on and final.follow_up_on <= on:  # D26
        raise FollowUpTooEarly(field="follow_up" if draft.choice == CHANGED else "choice", day=on)
    return replace(draft, final=final, complete=True)


def asks_participation(r: Recommendation) -> bool:
    """The young person's part is in every decision (R047), but nobody asks it of somebody who has died."""
    return r.closing != "dead"


def _check_postponed(draft: Decision) -> None:
    if not draft.reason:  # T12
        raise ReasonMissing
    if not draft.to_meeting:
        raise MeetingMissing


def _check_out_of_scope(draft: Decision) -> None:
    if not draft.reason:
        raise ReasonMissing
    if not draft.area or not draft.contact:  # T16
        raise ContactMissing


def _check_final(kind: Kind, final: Recommendation, rules: Rules) -> None:
    missing = missing_in(kind, final)
    if "criterion" in missing:  # T29
        raise NotTheCriterion
    if missing:  # T15, R045
        raise DecisionGaps(missing=missing)
    if final.frame is None or not final.frame.amount:
        return
    if not final.frame.purposes:
        raise PurposesMissing
    inside = rules.frame.least <= final.frame.amount <= rules.frame.most
    if not inside and not final.frame.outside_reason:  # R061
        raise FrameOutsideRange(least=rules.frame.least, most=rules.frame.most)


def kind_decided(kind: Kind, r: Recommendation) -> Kind:
    """What an item is once it is decided: the table may turn a closing into continued support (R072, T29)."""
    return Kind.CONTINUED_SUPPORT if kind == Kind.CLOSURE and r.support_reason else kind


def missing_in(kind: Kind, final: Recommendation) -> tuple[str, ...]:
    """What T15, T17, T23, T28 and T29 ask of a decision of this kind, and is not there."""
    kind, closes = kind_decided(kind, final), final.outcome == "close"
    present = {
        "plan": bool(final.goals),
        "caseworker": final.caseworker is not None,
        "frame": final.frame is not None or final.keep_frame,
        "follow_up": final.follow_up_on is not None,
        "outcome": final.outcome is not None,
        "closing": final.closing is not None,
        "criterion": final.closing in MET,
        "support_reason": final.support_reason is not None,
    }
    asked: dict[Kind, tuple[str, ...]] = {
        Kind.NEW: (
            "plan",  # R031: at least one goal
            "caseworker",
            "frame",
            "follow_up",
        ),
        Kind.CHANGE: ("plan", "frame", "follow_up"),
        Kind.FRAME_CHANGE: ("frame",),
        Kind.CASEWORKER_CHANGE: ("caseworker",),
        Kind.CLOSURE: ("closing",),
        Kind.CONTINUED_SUPPORT: ("criterion", "support_reason", "follow_up"),
        Kind.FOLLOW_UP: ("outcome",)
        + (("closing",) if closes else ())
        + (() if closes else ("follow_up",))
        + (("frame",) if final.outcome == "new_frame" else ()),
    }
    return tuple(code for code in asked.get(kind, ()) if not present[code])


def _changed(recommended: Recommendation, recording: Recording, rules: Rules) -> Recommendation:
    """The recommendation with the chosen points as the form has them."""
    changes: dict[str, Callable[[Recommendation], Recommendation]] = {
        "plan": lambda r: replace(r, goals=recording.goals),
        "caseworker": lambda r: _with_caseworker(r, recording.caseworker),
        "frame": lambda r: replace(r, frame=_frame(r.frame, recording, rules), keep_frame=False, payer=None),
        "measures": lambda r: _with_measures(r, recording),
        "payer": lambda r: _with_payer(r, recording.payer),
        "follow_up": lambda r: replace(r, follow_up_on=recording.follow_up_on),
        "outcome": lambda r: replace(r, outcome=recording.outcome, closing=recording.closing or r.closing),
        "closing": lambda r: replace(r, closing=recording.closing),
        "support": lambda r: _with_support(r, recording),
    }
    final = recommended
    for point in recording.points:
        if recording.asks(point):
            final = changes[point](final)
    return final


def _with_support(r: Recommendation, recording: Recording) -> Recommendation:
    """Not closed: support goes on, with a reason and a new date (T29)."""
    reason, day = recording.support_reason, recording.follow_up_on
    return replace(r, outcome=None, support_reason=reason, follow_up_on=day)


def _with_caseworker(r: Recommendation, who: PersonId | None) -> Recommendation:
    """Somebody chosen at the table has not said yes yet; that holds nothing up (T17)."""
    if who == r.caseworker:
        return r
    return replace(r, caseworker=who, caseworker_said_yes_at=None, yes_on_behalf_by=None)


def kept_keys(recommended: Recommendation, decided: Recommendation) -> tuple[str, ...]:
    """How the form names what of the recommended measures and stops is decided: `start:0`, `stop:0`."""
    return (
        *(f"start:{n}" for n, m in enumerate(recommended.measures) if m in decided.measures),
        *(f"stop:{n}" for n, s in enumerate(recommended.stops) if s in decided.stops),
    )


def _with_measures(r: Recommendation, recording: Recording) -> Recommendation:
    """Only what was ticked at the table is decided; nothing is added there that nobody has prepared."""
    kept = set(recording.measures)
    return replace(
        r,
        measures=tuple(m for n, m in enumerate(r.measures) if f"start:{n}" in kept),
        stops=tuple(s for n, s in enumerate(r.stops) if f"stop:{n}" in kept),
    )


def _frame(before: FrameTerms | None, recording: Recording, rules: Rules) -> FrameTerms:
    amount = recording.amount if recording.amount is not None else before.amount if before else Kroner(0)
    payer = before.payer if before else rules.areas[0].code
    return FrameTerms(amount, recording.purposes, payer, recording.frame_reason)


def _with_payer(r: Recommendation, payer: AreaCode | None) -> Recommendation:
    if r.frame is None and r.keep_frame:
        return replace(r, payer=payer)
    return replace(r, frame=replace(r.frame, payer=payer)) if r.frame and payer else r


def points_of(kind: Kind, r: Recommendation) -> tuple[str, ...]:
    """The numbered points of a recommendation or a decision, in the order people read them (G2)."""
    kind = kind_decided(kind, r)
    said = {
        "progress": bool(r.progress),
        "outcome": r.outcome is not None and kind == Kind.FOLLOW_UP,
        "closing": r.closing is not None and kind != Kind.CONTINUED_SUPPORT,
        "support": r.support_reason is not None and kind == Kind.CONTINUED_SUPPORT,
        "plan": bool(r.goals) and kind in (Kind.NEW, Kind.CHANGE),
        "measures": bool(r.measures),
        "stops": bool(r.stops),
        "caseworker": r.caseworker is not None and kind in (Kind.NEW, Kind.CASEWORKER_CHANGE),
        "handover": r.handover_on is not None,
        "group": bool(r.group),
        "group_ends": r.group_ends,
        "frame": r.frame is not None,
        "keep_frame": r.keep_frame and r.frame is None,
        "follow_up": r.follow_up_on is not None and not is_closing(kind, r),
    }
    return tuple(code for code, there in said.items() if there)


def is_closing(kind: Kind, r: Recommendation) -> bool:
    kind = kind_decided(kind, r)
    return kind == Kind.CLOSURE or (kind == Kind.FOLLOW_UP and r.outcome == "close")
