"""D11: what is not there takes as long to answer as what is not yours, so that nobody learns from waiting that it is there.

A thousand of each (two hundred in the quick round), in an order thrown by chance, so that whatever else the machine does
meets both; at the border itself, without what Bolt takes for both alike.
"""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot import log
from bot.demo import town as demo
from bot.domain.people import ROLES_OF_AN_AREA, Person, Post, Role
from bot.domain.presentation import State
from bot.rules import alias_words
from storage.engine import Database
from tests.benchmarks import house
from tests.benchmarks.mass import fill
from tests.benchmarks.measure import Finding, ms, p50, seconds
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown

MANY = {"quick": 200, "full": 1_000}
ARCHIVE, CASES = 1_000, 20
WITHIN = 0.10
EVERY_ROLE = frozenset(Post(r, "youth" if r in ROLES_OF_AN_AREA else None) for r in Role)
COLLEAGUES = {
    "every role elsewhere": Person("U0KIMPRV01", demo.TEAM, "Kim Prøve", EVERY_ROLE),
    "caseworker elsewhere": Person(
        "U0KAJPRV01", demo.TEAM, "Kaj Prøve", frozenset({Post(Role.CASEWORKER, "youth")})
    ),
}
PRESSES = ("case.open", "case.history", "case.number", "contacts.open", "closing.ask", "frame.open")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Named:
    """What may be asked for by name: of somebody else's case, or of none."""

    id: str
    item: str
    key: str
    alias: str
    number: str


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    many = MANY["full" if full else "quick"]
    log.set_up("json", to=io.StringIO())
    for engine in ("sqlite", "postgresql"):
        database = Database(databases.fresh(engine, settle=OfficeTown))
        town = OfficeTown(database)
        pairs = _cases(town, database)
        bot = _Watched(house.Bot(town))
        for who, colleague in COLLEAGUES.items():
            for what, request in _questions(town, colleague.id).items():
                theirs, missing = _interleaved(bot, request, pairs, many)
                yield _compared(f"{what}, {who} ({engine}, {many:,} of each)", theirs, missing)
        database.close()
        databases.take_back(database.address)


def _cases(town: OfficeTown, database: Database) -> list[tuple[Named, Named]]:
    """Others' cases, which are on no meeting, each beside what was never there."""
    for colleague in COLLEAGUES.values():
        house.NAMES[colleague.id] = colleague.name
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.people.add(colleague)
    words = [w.word for w in alias_words()][-2 * CASES :]
    found = []
    for n in range(CASES):
        case, item = active_case(town, "Maja Holm")
        with town.house.storage.open_work(at=town.clock.at) as work:
            case = work.cases.save(replace(case, alias=words[n]))
            for one in work.presentations.of_case(case.id):
                work.presentations.save(replace(one, meeting_id=None, state=State.DECIDED))
            reference = work.cases.references(case.id, ("social",))[0]
        theirs = Named(case.id, item, case.key, case.alias, reference.number)
        never = Named(
            f"id9{n:04d}", f"follow-up-id9{n:04d}", f"26-9{n:03d}", words[CASES + n], f"S2026-9{n:05d}"
        )
        found.append((theirs, never))
    fill(town, database, ARCHIVE)
    return found


def _questions(town: OfficeTown, who: str) -> dict[str, Callable[[Named], tuple[str, dict[str, Any]]]]:
    return {
        "/sag by alias": lambda one: _command(who, one.alias),
        "/sag by key": lambda one: _command(who, one.key),
        "the search, by the area's number": lambda one: _submit(
            who, "case.find", {"text": {"type": "plain_text_input", "value": one.number}}
        ),
        **{name: lambda one, name=name: _press(who, name, one.id) for name in PRESSES},  # type: ignore[misc]
        "an item is opened": lambda one: _press(who, "ready.open", one.item),
        "the frame's form is sent": lambda one: _submit(who, "frame.use", _use(town), case=one.id),
        "the closing form is sent": lambda one: _submit(who, "closing.ask", {}, case=one.id),
    }


def _interleaved(
    bot: _Watched,
    request: Callable[[Named], tuple[str, dict[str, Any]]],
    pairs: list[tuple[Named, Named]],
    many: int,
) -> tuple[list[float], list[float]]:
    chance = random.Random(11)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(-CASES, many):
        for which in chance.sample((0, 1), 2):
            kind, body = request(chance.choice(pairs)[which])
            took = seconds(lambda k=kind, b=body: bot.hears(k, b))  # type: ignore[misc]
            assert bot.refused, f"{kind}: {bot.said}"
            times[which].extend([took] if number >= 0 else [])  # the first are to warm up
    return times


class _Watched:
    """The bot, and what it said last: what is measured is a refusal, and no fault."""

    def __init__(self, bot: house.Bot) -> None:
        self._hear, self.said = bot.dispatch._hear, ""
        bot.app.client.api_call = self._told  # type: ignore[method-assign]

    def hears(self, kind: str, body: dict[str, Any]) -> None:
        self.said = ""
        self._hear(kind, body, self._told)

    def _told(self, *_: Any, **given: Any) -> Any:
        self.said += str(given)
        return {"ok": True}

    @property
    def refused(self) -> bool:
        return any(word in self.said for word in ("findes ikke", "Ingen sag passer"))


def _compared(what: str, theirs: list[float], missing: list[float]) -> Finding:
    ratio = p50(theirs) / p50(missing)
    return Finding(
        "D11",
        what,
        f"1 ± {WITHIN:g}",
        f"not yours {ms(p50(theirs))}, not there {ms(p50(missing))}",
        round(ratio, 3),
        abs(ratio - 1) <= WITHIN,
    )


def _who(user: str) -> dict[str, Any]:
    return {
        "user": {"id": user, "team_id": demo.TEAM},
        "team": {"id": demo.TEAM},
        "trigger_id": f"t{next(_numbers)}",
    }


def _command(user: str, text: str) -> tuple[str, dict[str, Any]]:
    place = {"user_id": user, "team_id": demo.TEAM, "channel_id": "D1"}
    return "command", {"command": "/sag", "text": text, "trigger_id": f"t{next(_numbers)}", **place}


def _press(user: str, name: str, value: str) -> tuple[str, dict[str, Any]]:
    pressed = {"action_id": name, "block_id": "b", "value": value, "action_ts": f"{next(_numbers)}"}
    view = {"id": f"V{next(_numbers)}", "type": "modal", "private_metadata": "{}"}
    return "action", {**_who(user), "view": view, "actions": [pressed]}


def _submit(
    user: str, callback: str, fields: dict[str, dict[str, Any]], *, case: str = ""
) -> tuple[str, dict[str, Any]]:
    number = next(_numbers)
    view = {
        "id": f"V{number}",
        "callback_id": callback,
        "type": "modal",
        "private_metadata": f'{{"n":"n{number}","c":"{case}"}}',
        "state": {"values": {name: {"v": field} for name, field in fields.items()}},
        "blocks": [{"type": "input", "block_id": name} for name in fields],
    }
    return "submit", {**_who(user), "view": view}


def _use(town: OfficeTown) -> dict[str, dict[str, Any]]:
    return {
        "amount": {"type": "plain_text_input", "value": "12,50"},
        "purpose": {"type": "radio_buttons", "selected_option": {"value": "transport"}},
        "kind": {"type": "radio_buttons", "selected_option": {"value": "expense"}},
        "spent_on": {"type": "datepicker", "selected_date": town.today.isoformat()},
    }
