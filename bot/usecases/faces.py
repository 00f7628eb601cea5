"""Who belongs in a committee's channel, and which face of the agenda it may have (D6)."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.committee import Committee
from bot.domain.meeting import Blocked, Face, blocked_by, face_of
from bot.domain.people import PersonId, Role
from bot.domain.watch import ChannelLook
from bot.usecases.ports import ChannelSeen, Work


def entitled_to_read(work: Work, committee: Committee, day: date) -> frozenset[PersonId]:
    """Roster, alternates, chair and secretary, with an account, a role and a seat that are theirs that day (D6)."""
    seated = {s.person for s in work.committees.seats(committee.id, on=day)}
    members = {p.id for p in work.people.holding(Role.COMMITTEE_MEMBER)}
    runs = {
        p.id for r in (Role.CHAIR, Role.SECRETARY) for p in work.people.holding(r, committee=committee.id)
    }
    return frozenset((seated & members) | runs)


def outsiders(work: Work, committee: Committee, seen: ChannelSeen, day: date) -> tuple[PersonId, ...]:
    entitled = entitled_to_read(work, committee, day)
    return tuple(m for m in seen.members if m not in entitled)


def what_blocks(seen: ChannelSeen) -> Blocked | None:
    return blocked_by(
        exists=seen.exists and seen.bot_inside,
        archived=seen.archived,
        shared_outside=seen.shared_outside,
        guests=bool(seen.guests),
    )


def face_for(work: Work, committee: Committee, seen: ChannelSeen, day: date) -> Face:
    return face_of(
        blocked=what_blocks(seen) is not None,
        private=seen.private,
        outside=bool(outsiders(work, committee, seen, day)),
    )


def look_of(work: Work, committee: Committee, seen: ChannelSeen, at: datetime) -> ChannelLook:
    """What the guard saw, for those who answer for it: no names, only how many."""
    day = local_date(at)
    outside = len(outsiders(work, committee, seen, day))
    face = face_for(work, committee, seen, day)
    return ChannelLook(committee.channel or "", at, face, outside, what_blocks(seen))
