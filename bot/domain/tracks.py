"""Youth and adults: the two tracks of one committee, the ages that part them, and how the roster is put together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.case import AgeBand
from bot.domain.people import AreaCode


class Mode(StrEnum):
    """Whether meetings decide, or only advise (R106, R107, X12). The coordinator is named either way (R113)."""

    COMMITTEE = "committee"
    ADVISORY = "advisory"


class Track(StrEnum):
    """A property of the case, not a second programme (R042): its plan is an »ungeplan« or an »indsatsplan«."""

    YOUTH = "youth"
    ADULT = "adult"


def track_of(band: AgeBand) -> Track:
    """Follows the band the case was registered under; a birthday moves nothing (T26)."""
    if band == AgeBand.ADULT:  # R042
        return Track.ADULT
    return Track.YOUTH


@dataclass(frozen=True)
class Ages:
    """The boundaries that occur in the documents (R025-R028, X1). Each is the first age of what it names."""

    teens: int = 15  # by individual assessment (R038)
    youth: int = 18
    middle: int = 25  # the act's »voksne over 25 år« (R025)
    adult: int = 30  # »30 år og derover« (R042)

    def band(self, age: int) -> AgeBand | None:
        """The band an age belongs to; None: too young for the target group."""
        if age >= self.adult:  # R028
            return AgeBand.ADULT
        if age >= self.youth:  # R026
            return AgeBand.YOUTH
        return AgeBand.TEENS if age >= self.teens else None

    def years(self, band: AgeBand) -> tuple[int, int | None]:
        """The first and the last age of a band; no last one for adults."""
        return {
            AgeBand.TEENS: (self.teens, self.youth - 1),
            AgeBand.YOUTH: (self.youth, self.adult - 1),
            AgeBand.ADULT: (self.adult, None),
        }[band]


@dataclass(frozen=True)
class TrackRules:
    """Which areas take part in a track (R001, R016)."""

    areas: tuple[AreaCode, ...]


@dataclass(frozen=True)
class RosterRules:
    """R003-R006. `both`: each of the caseworkers' areas must have one of them (R005)."""

    least: int = 5
    most: int = 7
    management: int = 2
    caseworkers_least: int = 2
    caseworkers_most: int = 4
    caseworker_areas: tuple[AreaCode, ...] = ("youth", "social")
    both: bool = True
    schools: int = 1
    schools_area: AreaCode = "schools"
    leaders_per_area: int = (
        2  # so many may act as an area's leader: holidays must not stall a young person (D3)
    )
    holds_the_agenda_back: bool = False  # whether an unfit roster stops the agenda, or is only shown (R003)
