"""Whether a presentation is ready for the committee (»velbelyst«): which points the bot sees, and which are missing."""

from __future__ import annotations

from datetime import date

from bot.domain.case import AgeBand
from bot.domain.closing import is_ending
from bot.domain.people import AreaCode
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Point

SEEN_BY_THE_BOT = frozenset(
    [
        "question",
        "area_status",
        "goals",
        "measures",
        "caseworker_agreed",
        "frame",
        "next_date",
        "handover",
        "group_members",
        "progress",
        "recommendation",
        "frame_amount",
        "frame_purposes",
        "frame_payer",
    ]
)
"""The points that can be left to the bot; any other one would never be ticked (A3)."""

MEASURES_STAND = "measures_stand"
"""The tick that says that the measures go on as they are (a change)."""


def ticked_by_the_bot(
    presentation: Presentation, *, areas: tuple[AreaCode, ...], on: date, status_lasts: int
) -> frozenset[str]:
    """The points the bot can see for itself (A3). `status_lasts`: calendar days a status from an area is fresh."""
    r = presentation.recommendation
    fresh = {a for a, d in presentation.area_status.items() if 0 <= (on - d).days <= status_lasts}
    runs = (
        presentation.kind == Kind.BACKGROUND_GROUP
    )  # the plan goes on as it is: an active case has one (R045)
    seen: dict[str, bool] = {
        "question": bool(presentation.questions) or presentation.kind != Kind.NEW,
        "area_status": set(areas) <= fresh,
        "goals": bool(r.goals),
        "measures": runs or bool(r.measures or r.stops) or MEASURES_STAND in presentation.ticks,
        "caseworker_agreed": r.caseworker_said_yes_at is not None,
        "frame": runs or r.frame is not None or r.keep_frame,
        "next_date": runs or r.follow_up_on is not None or r.outcome == "close",
        "handover": r.handover_on is not None,
        "group_members": bool(r.group) or r.group_ends,
        "progress": bool(r.progress),
        "recommendation": r.outcome is not None or r.closing is not None,
        "frame_amount": r.frame is not None,
        "frame_purposes": r.frame is not None and bool(r.frame.purposes or not r.frame.amount.ore),
        "frame_payer": r.frame is not None and bool(r.frame.payer),
    }
    return frozenset(code for code, done in seen.items() if done and code in SEEN_BY_THE_BOT)


def gaps(
    presentation: Presentation,
    *,
    checklist: tuple[Point, ...],
    band: AgeBand,
    areas: tuple[AreaCode, ...],
    on: date,
    status_lasts: int,
) -> tuple[str, ...]:
    """The points still missing before »velbelyst«, in the list's order; »shown« points never count (D18, R013)."""
    done = (
        ticked_by_the_bot(presentation, areas=areas, on=on, status_lasts=status_lasts)
        | presentation.ticks.keys()
    )
    if is_ending(presentation.recommendation.closing):
        return ()  # nobody is asked for a list when somebody has died, moved or withdrawn
    return tuple(p.code for p in points_for(checklist, band) if p.by != "shown" and p.code not in done)


def points_for(checklist: tuple[Point, ...], band: AgeBand) -> tuple[Point, ...]:
    return tuple(p for p in checklist if band == AgeBand.TEENS or not p.only_under_18)
