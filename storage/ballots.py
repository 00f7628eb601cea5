"""Written procedures; who is asked stands in rows of its own, because the access rule asks for it."""

from __future__ import annotations

from sqlalchemy import insert, select

from bot.domain.ballot import Ballot, BallotState
from bot.domain.people import PersonId
from storage.shelf import Mapper, Shelf
from storage.tables import ballot_voters, ballots

BALLOT = Mapper(ballots, Ballot)
_OLDEST_FIRST = (ballots.c.asked_at, ballots.c.id)


class StoredBallots(Shelf[Ballot]):
    def add(self, thing: Ballot) -> Ballot:
        super().add(thing)
        self._let_see(thing)
        return thing

    def save(self, thing: Ballot) -> Ballot:
        saved = super().save(thing)
        self._let_see(saved)
        return saved

    def of_presentation(self, presentation: str) -> list[Ballot]:
        newest_first = (ballots.c.asked_at.desc(), ballots.c.id)
        return self._select(ballots.c.presentation_id == presentation, order=newest_first)

    def in_states(self, committee: str, *states: BallotState) -> list[Ballot]:
        wanted = [s.value for s in states]
        return self._select(
            ballots.c.committee == committee, ballots.c.state.in_(wanted), order=_OLDEST_FIRST
        )

    def open_for(self, person: PersonId) -> list[Ballot]:
        asked = select(ballot_voters.c.ballot_id).where(ballot_voters.c.person == person)
        return self._select(
            ballots.c.id.in_(asked), ballots.c.state == BallotState.OPEN.value, order=_OLDEST_FIRST
        )

    def _let_see(self, ballot: Ballot) -> None:
        """Who is out again because of a conflict sees the case no more; the rows follow the list."""
        here = ballot_voters.c.ballot_id == ballot.id
        there = set(self._connection.execute(select(ballot_voters.c.person).where(here)).scalars())
        for person in sorted(set(ballot.voters) - there):
            self._connection.execute(insert(ballot_voters).values(ballot_id=ballot.id, person=person))
        gone = there - set(ballot.voters)
        if gone:
            self._connection.execute(ballot_voters.delete().where(here, ballot_voters.c.person.in_(gone)))
