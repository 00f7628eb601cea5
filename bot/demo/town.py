"""The demo town: its people, its channels, its committee. Employees have names; citizens have none anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from bot.domain.committee import Committee, Seat, SeatKind
from bot.domain.people import Person, Post, Role
from bot.domain.presentation import State

TEAM = "T0NORDRE01"
CLOCK_START = "2026-11-16T07:50:00+01:00"  # D17
FRIDAY_BEFORE = datetime(2026, 11, 13, 9, 0, tzinfo=UTC)
SETTLED_AT = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
COMMITTEE = "committee-youth"


@dataclass(frozen=True)
class Citizen:
    """Somebody who works in the town (no citizen in the casework sense)."""

    id: str
    name: str
    title: str
    posts: frozenset[Post]
    seat: tuple[SeatKind, str] | None = None
    alternate: bool = False
    guest: bool = False
    in_channel: bool = True  # False: reads figures, and never the committee's week


def _post(role: Role, area: str | None = None) -> Post:
    return Post(role, area)


CAST: tuple[Citizen, ...] = (
    Citizen(
        "U0MAJA0001",
        "Maja Holm",
        "Sagsbehandler, Socialområdet",
        frozenset({_post(Role.CASEWORKER, "social")}),
    ),
    Citizen(
        "U0ALI00001",
        "Ali Demir",
        "Sagsbehandler, Socialområdet",
        frozenset({_post(Role.CASEWORKER, "social"), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.CASEWORKER, "social"),
    ),
    Citizen(
        "U0SOFIE001",
        "Sofie Bech",
        "Sagsbehandler, Ungeindsatsen og UU",
        frozenset({_post(Role.CASEWORKER, "youth"), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.CASEWORKER, "youth"),
    ),
    Citizen(
        "U0PETER001",
        "Peter Krogh",
        "Sagsbehandler, Ungeindsatsen og UU",
        frozenset({_post(Role.CASEWORKER, "youth")}),
    ),
    Citizen(
        "U0TINE0001",
        "Tine Lauridsen",
        "Konsulent, Trivsel og Læring",
        frozenset({_post(Role.CASEWORKER, "schools"), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.SCHOOLS, "schools"),
    ),
    Citizen(
        "U0JENS0001", "Jens Toft", "Leder, Socialområdet", frozenset({_post(Role.AREA_LEADER, "social")})
    ),
    Citizen(
        "U0KAREN001", "Karen Friis", "Leder, Socialområdet", frozenset({_post(Role.AREA_LEADER, "social")})
    ),
    Citizen(
        "U0BENTE001",
        "Bente Juhl",
        "Stedfortræder, Socialområdet",
        frozenset({_post(Role.DEPUTY_LEADER, "social")}),
    ),
    Citizen(
        "U0HENRIK01",
        "Henrik Dahl",
        "Leder, Ungeindsatsen og UU · formand",
        frozenset({_post(Role.AREA_LEADER, "youth"), _post(Role.CHAIR), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.MANAGEMENT, "youth"),
    ),
    Citizen(
        "U0LISE0001", "Lise Vang", "Leder, Ungeindsatsen og UU", frozenset({_post(Role.AREA_LEADER, "youth")})
    ),
    Citizen(
        "U0MORTEN01",
        "Morten Riis",
        "Stedfortræder, Ungeindsatsen og UU",
        frozenset({_post(Role.DEPUTY_LEADER, "youth")}),
    ),
    Citizen(
        "U0GRETHE01",
        "Grethe Munk",
        "Leder, Trivsel og Læring",
        frozenset({_post(Role.AREA_LEADER, "schools"), _post(Role.COMMITTEE_MEMBER), _post(Role.CHAIR)}),
        (SeatKind.MANAGEMENT, "schools"),
    ),
    Citizen(
        "U0OLE00001", "Ole Skov", "Leder, Trivsel og Læring", frozenset({_post(Role.AREA_LEADER, "schools")})
    ),
    Citizen(
        "U0RIKKE001",
        "Rikke Thorup",
        "Stedfortræder, Trivsel og Læring",
        frozenset({_post(Role.DEPUTY_LEADER, "schools")}),
    ),
    Citizen(
        "U0NANNA001",
        "Nanna Ilsø",
        "Sagsbehandler, Socialområdet",
        frozenset({_post(Role.CASEWORKER, "social"), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.CASEWORKER, "social"),
    ),
    Citizen(
        "U0YUSUF001",
        "Yusuf Kaya",
        "Sagsbehandler, Ungeindsatsen og UU",
        frozenset({_post(Role.CASEWORKER, "youth"), _post(Role.COMMITTEE_MEMBER)}),
        (SeatKind.CASEWORKER, "youth"),
        alternate=True,
    ),
    Citizen("U0LONE0001", "Lone Ager", "Sekretær for udvalget", frozenset({_post(Role.SECRETARY)})),
    Citizen("U0BO000001", "Bo Winther", "It-administrator", frozenset({_post(Role.ADMINISTRATOR)})),
    Citizen(
        "U0EVA00001",
        "Eva Storm",
        "Controller, Økonomi",
        frozenset({_post(Role.CONTROLLER)}),
        in_channel=False,
    ),
    Citizen(
        "U0PALLE001",
        "Palle Rask",
        "Evaluator, Staben",
        frozenset({_post(Role.EVALUATOR)}),
        in_channel=False,
    ),
    Citizen(
        "U0ANNE0001",
        "Anne Bruun",
        "Afdelingschef, Socialområdet",
        frozenset({_post(Role.DEPARTMENT_HEAD, "social")}),
        in_channel=False,
    ),
    Citizen(
        "U0DITTE001",
        "Ditte Lund",
        "Databeskyttelsesrådgiver",
        frozenset({_post(Role.DPO)}),
        in_channel=False,
    ),
    Citizen("U0KIM00001", "Kim Nyholm", "Ny medarbejder", frozenset()),
    Citizen("U0GAEST001", "Gitte Gæst", "Gæst udefra", frozenset(), guest=True),
)

FIRST_ADMINISTRATOR = "U0BO000001"
OPEN_CHANNEL = "C0UDVALGUGE"
CLOSED_CHANNEL = "C0UDVALGLUK"


def world() -> dict[str, Any]:
    """The town as the sandbox needs it: workspace, people, channels, tokens that open nothing real."""
    seated = [c.id for c in CAST if c.seat]
    bot = "U0INDGANG1"
    return {
        "team": {"id": TEAM, "name": "Nordre Kommune", "domain": "nordre"},
        "bot": {"user_id": bot, "bot_id": "B0INDGANG1", "app_id": "A0INDGANG1", "name": "Én Indgang"},
        "tokens": {"bot": "xoxb-demo-town", "app": "xapp-demo-town", "signing": "demo-town-signs"},
        "clock_start": CLOCK_START,
        "people": [
            {
                "id": c.id,
                "name": c.name,
                "title": c.title,
                "admin": c.id == FIRST_ADMINISTRATOR,
                "guest": c.guest,
                "deactivated": False,
                "stranger_team": None,
                "locale": "da-DK",
            }
            for c in CAST
        ],
        "channels": [
            {
                "id": OPEN_CHANNEL,
                "name": "udvalg-uge",
                "private": True,
                "shared": False,
                "archived": False,
                "members": [bot, *(c.id for c in CAST if c.posts and c.in_channel)],
                "topic": "Ugens møde i koordinations- og visitationsudvalget",
            },
            {
                "id": CLOSED_CHANNEL,
                "name": "udvalg-lukket",
                "private": True,
                "shared": False,
                "archived": False,
                "members": [bot, *seated, "U0LONE0001"],
                "topic": "Kun for udvalget",
            },
        ],
    }


def settle_people(house: Any) -> None:
    """Roles, areas, the committee, its roster and its meetings."""
    with house.storage.open_work(at=SETTLED_AT) as work:
        if work.committees.all():
            return
        for c in CAST:
            if c.posts:
                work.people.add(Person(c.id, TEAM, c.name, c.posts, welcomed=True))
        work.committees.add(
            Committee(
                COMMITTEE,
                "Koordinations- og visitationsudvalget",
                weekday=3,
                starts=time(9, 0),
                minutes=120,
                room="Mødelokale 2",
                channel=OPEN_CHANNEL,
            )
        )
        for c in CAST:
            if c.seat:
                kind, area = c.seat
                work.committees.put_seat(Seat(f"seat-{c.id}", COMMITTEE, c.id, kind, area, c.alternate))
        work.note("town_settled")
    house.office.meetings.lay_out_due(SETTLED_AT)


def settle(house: Any) -> None:
    """The whole town, once; a second time changes nothing."""
    from bot.demo.history import Teller

    settle_people(house)
    opens = datetime.fromisoformat(CLOCK_START)
    with house.storage.open_reading(at=opens) as work:
        if work.cases.open():
            return
    Teller(house).tell()
    house.office.overviews.send_due(FRIDAY_BEFORE)  # heard then: only what falls due from now on is news
    with house.storage.open_work(at=opens) as work:
        waiting = work.presentations.in_states(State.REQUESTED, State.RETURNED)
        work.notices.forget_owed(but_of=frozenset(p.case_id for p in waiting))
