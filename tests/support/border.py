"""The border of a town without a Slack in front of it: what a story asks of the desks goes through here."""

from __future__ import annotations

from typing import Any

from handlers import table
from handlers.dispatch import Dispatch
from tests.support.office import OfficeTown


class OpenDoor:
    """Everybody in town is a full member of the workspace."""

    def __init__(self, town: OfficeTown) -> None:
        self._town = town

    def let_in(self, user: str, team: str, *, at: Any) -> Any:
        return self._town.office.people.known(user, at=at)

    def again(self, person: Any, *, at: Any) -> Any:
        return person


def border(town: OfficeTown, client: Any, **beside: Any) -> Dispatch:
    """`client` hears what is asked of Slack; `beside`: what else of the house the story is about."""
    house = town.house
    return Dispatch(
        table(house.office, house.rules, None),  # type: ignore[arg-type]
        door=OpenDoor(town),  # type: ignore[arg-type]
        client=client,
        now=lambda: town.clock.at,
        draw_home=house.draw_home,
        **beside,
    )
