"""Who is at the door: a full member of our own workspace, or nobody (D11). Checked at every request."""

from __future__ import annotations

from datetime import datetime

from bot.domain.people import Person, SlackUnasked
from bot.slack.directory import Directory
from bot.usecases.people import People
from bot.usecases.ports import CertainlyNotSent, PerhapsSent

SLACK = "SLACK"
"""Who tells news about people and channels. Its team is not looked at: from a shared channel it may be the other
one, and all that news can do is make us look for ourselves, or shut somebody out.
"""


class Stranger(Exception):
    """A guest, a bot, somebody from another workspace, a closed account, or nobody."""


class Doorkeeper:
    def __init__(self, directory: Directory, people: People, *, team: str) -> None:
        self._directory, self._people, self._team = directory, people, team

    def let_in(self, user: str, team: str, *, at: datetime) -> Person:
        """The person as known here; one without a role is let in as far as the front desk.

        Raises Stranger, and SlackUnasked for somebody we do not know ourselves.
        """
        if user == SLACK:
            return Person(SLACK, team, "Slack")
        if team and team != self._team:
            self._refuse(user, at)
        known = self._people.known(user, at=at)
        if (
            known and not known.active
        ):  # another process may have heard that the account is closed, and we not
            self._directory.ask_anew(user)
        try:
            found = self._directory.find(user)
        except (CertainlyNotSent, PerhapsSent):
            found = self._directory.known(user)
            if found is None:
                return self._known_here(user, at)
        if found is None or not found.full_member:
            self._refuse(user, at)
            raise Stranger
        return self._people.at_the_door(user, team=found.team, name=found.name, at=at, known=known)

    def again(self, person: Person, *, at: datetime) -> Person:
        """The same person as known now; whoever is not written down stays as they came."""
        return self._people.known(person.id, at=at) or person

    def _known_here(self, user: str, at: datetime) -> Person:
        """Slack is away: who we know ourselves may go on working."""
        person = self._people.known(user, at=at)
        if person is None:
            raise SlackUnasked
        if not person.active:
            raise Stranger
        return person

    def _refuse(self, user: str, at: datetime) -> None:
        self._people.turned_away(user, at=at)
        raise Stranger
