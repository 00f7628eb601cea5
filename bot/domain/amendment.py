"""Approved minutes are never changed: a correction is a new, dated version, and the earlier one is kept (A7).

Only what nothing has been carried out on can be corrected: the young person's part, reservations, who was there.
Anything else is for the committee again, by a new presentation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.decision import OTHER_PART, ParticipationMissing, ParticipationReasonMissing
from bot.domain.errors import Refusal
from bot.domain.meeting import EarlierMinutes, Meeting, Minuted
from bot.domain.people import PersonId


class NothingAmended(Refusal):
    """The correction says what stands there already."""

    default_field = "participation"


class VersionGone(Refusal):
    """Somebody has corrected the minutes since the form was opened; facts: by, at."""


@dataclass(frozen=True)
class Amendment:
    """What is to stand in the minutes of one case from now on. `attending` is the whole meeting's."""

    participation: str | None = None  # None: the item has none
    participation_reason: str | None = None
    reservations: tuple[PersonId, ...] = ()
    reservation_points: tuple[str, ...] = ()
    attending: tuple[PersonId, ...] = ()


def amended(
    meeting: Meeting, item: Minuted, amendment: Amendment, *, by: PersonId, at: datetime
) -> tuple[Meeting, Minuted]:
    """The next version, with the one before kept. Raises ParticipationMissing, ParticipationReasonMissing,
    NothingAmended.
    """
    new = _as_amended(item, amendment)
    here = amendment.attending or meeting.attending
    if new == item and set(here) == set(meeting.attending):
        raise NothingAmended
    record = tuple(new if m.presentation_id == item.presentation_id else m for m in meeting.record)
    before = EarlierMinutes(meeting.record, meeting.attending, meeting.amended_by, meeting.amended_at)
    earlier = (*meeting.earlier, before)
    return (
        replace(meeting, record=record, attending=here, earlier=earlier, amended_by=by, amended_at=at),
        new,
    )


def _as_amended(item: Minuted, amendment: Amendment) -> Minuted:
    d = item.decision
    part, why = d.participation, d.participation_reason
    if d.final is not None:
        part = amendment.participation
        if part is None:
            raise ParticipationMissing
        why = amendment.participation_reason if part == OTHER_PART else None
        if part == OTHER_PART and why is None:
            raise ParticipationReasonMissing
    points = amendment.reservation_points if amendment.reservations else ()
    decision = replace(
        d,
        participation=part,
        participation_reason=why,
        reservations=amendment.reservations,
        reservation_points=points,
    )
    return replace(item, decision=decision)


def as_it_stood(meeting: Meeting, number: int) -> Meeting:
    """The meeting with the minutes of that version, counted from 1; the newest, where there is no such version."""
    if not 1 <= number <= len(meeting.earlier):
        return meeting
    then = meeting.earlier[number - 1]
    return replace(
        meeting,
        record=then.record,
        attending=then.attending,
        amended_by=then.by,
        amended_at=then.at,
        earlier=meeting.earlier[: number - 1],
    )
