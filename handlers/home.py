"""The front desk: Home, events about people and channels, and those who have no role yet."""

from __future__ import annotations

from dataclasses import replace

from bot.slack.directory import Directory
from bot.usecases import Office
from handlers import refusals
from handlers.answers import Answer, Nothing
from handlers.requests import Request


class HomeDesk:
    def __init__(self, office: Office, directory: Directory) -> None:
        self._office, self._directory = office, directory

    def table(self) -> dict[str, object]:
        return {
            "event:app_home_opened": self.opened,
            "event:user_change": self.person_changed,
            "action:access.wish": self.wish_for_access,
            "action:welcome.done": self.welcomed,
        }

    def opened(self, request: Request) -> Answer:
        self._office.habits.looked(request.asked(once=False))
        return Nothing(home=True)

    def person_changed(self, request: Request) -> Answer:
        """Somebody's account changed: a closed account or a guest is out at once, and one opened again is in at once.

        Each post looks at its channel again: nobody joined or left, yet it may hold a guest now, or none more (D6).
        """
        user = request.payload["event"]["user"]
        self._directory.forget(user["id"])
        if any(user.get(k) for k in ("deleted", "is_restricted", "is_ultra_restricted")):
            self._office.people.deactivated(user["id"], at=request.at)
            self._office.posts.look_everywhere(request.at)
        elif user.get("deleted") is False and not (user.get("is_bot") or user.get("is_stranger")):
            team = str(user.get("team_id", ""))
            if self._office.people.reactivated(user["id"], team=team, at=request.at):
                self._office.posts.look_everywhere(request.at)
        return Nothing()

    def wish_for_access(self, request: Request) -> Answer:
        told = self._office.people.wish_for_access(request.asked())
        said = request.texts.say("home", "access_asked" if told else "access_asked_already")
        return replace(refusals.aside(said, request), home=True)

    def welcomed(self, request: Request) -> Answer:
        self._office.people.welcomed(request.asked())
        return Nothing(home=True)
