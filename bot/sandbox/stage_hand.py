"""What happens around the app: people come and go, channels are shared and archived, time passes, lines break."""

from datetime import datetime, time, timedelta
from typing import Any

from bot.sandbox.clock import COPENHAGEN, ClockRunsForward, SandboxClock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.people import Hindered
from bot.sandbox.refusals import Refused
from bot.sandbox.sockets import Sockets
from bot.sandbox.store import Shelf
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import zoned

Record = dict[str, Any]
MORNING = time(7, 50)


class StageHand:
    def __init__(
        self,
        *,
        workspace: Workspace,
        events: Events,
        sockets: Sockets,
        faults: Faults,
        clock: SandboxClock,
        marks: Shelf,
    ) -> None:
        self._workspace = workspace
        self._events = events
        self._sockets = sockets
        self._faults = faults
        self._clock = clock
        self._marks = marks

    # The workspace.

    def change(self, wish: Record) -> None:
        what = str(wish.get("do", ""))
        try:
            if what in ("deactivate", "reactivate"):
                self._employ(wish["user"], deactivated=what == "deactivate")
            elif what in ("invite", "remove"):
                self._move(what, self._room(wish), wish["user"])
            elif what in ("archive", "unarchive"):
                self._archive(self._room(wish), archived=what == "archive")
            elif what in ("share", "unshare"):
                self._share(self._room(wish), with_whom=wish.get("user"), shared=what == "share")
            else:
                raise Hindered("unknown_wish", f"Scenen kan ikke: {what}.")
        except (Refused, KeyError) as fault:
            raise Hindered("not_found", "Kanalen eller personen findes ikke.") from fault

    def _room(self, wish: Record) -> Record:
        channel = self._workspace.channel(wish["channel"])
        if channel["pair"]:
            raise Hindered("direct_message", "Det kan ikke gøres med direkte beskeder.")
        return channel

    def _employ(self, user: str, *, deactivated: bool) -> None:
        self._workspace.set_deactivated(user, deactivated=deactivated)
        self._events.person_changed(user)

    def _move(self, what: str, channel: Record, user: str) -> None:
        if not self._workspace.is_known(user):
            raise Refused("user_not_found")
        bot = self._workspace.bot
        if what == "invite" and self._workspace.join(user, channel):
            others = [m for m in channel["members"] if m not in (user, bot)]
            if bot in channel["members"]:
                self._events.joined(user, channel, inviter=next(iter(others), None))
        elif what == "remove":
            heard = bot in channel["members"]
            if self._workspace.leave(user, channel) and heard:
                self._events.left(user, channel)

    def _archive(self, channel: Record, *, archived: bool) -> None:
        if channel["archived"] == archived:
            return
        self._workspace.set_archived(channel, archived=archived)
        bot = self._workspace.bot
        if bot in channel["members"]:
            by = next(
                (m for m in channel["members"] if m != bot), bot
            )  # an app does not hear of its own acts
            self._events.archived(channel, archived=archived, by=by)

    def _share(self, channel: Record, *, with_whom: str | None, shared: bool) -> None:
        if channel["shared"] == shared:
            return
        team = channel["connected"] or self._workspace.stranger_team(None)
        if shared:
            team = self._workspace.stranger_team(self._stranger(with_whom))
        self._workspace.set_shared(channel, team=team if shared else None)
        if self._workspace.bot in channel["members"]:
            tell = self._events.shared if shared else self._events.unshared
            tell(channel, team=team)

    def _stranger(self, user: str | None) -> str | None:
        """The page always sends the person chosen; only a stranger says anything about the other team."""
        known = {p["id"] for p in self._workspace.people() if p["stranger_team"]}
        return user if user in known else None

    # Time.

    def jump(self, wish: Record) -> None:
        """To an instant, to a mark the bot has set, or to tomorrow morning. Forward only."""
        try:
            self._clock.jump(self._wanted(wish))
        except ClockRunsForward:
            raise Hindered("clock_runs_forward", "Uret kan kun gå frem.") from None
        except (ValueError, TypeError):
            raise Hindered("invalid_time", "Tidspunktet kan ikke læses.") from None

    def _wanted(self, wish: Record) -> datetime:
        if wish.get("mark"):
            for mark in self.marks():
                if mark["name"] == wish["mark"]:
                    return zoned(mark["at"])
            raise Hindered("unknown_mark", "Det tidspunkt kendes ikke.")
        if wish.get("tomorrow"):
            today = self._clock.now().astimezone(COPENHAGEN).date()
            return datetime.combine(today + timedelta(days=1), MORNING, COPENHAGEN)
        return zoned(wish.get("to") or "")

    def marks(self) -> list[Record]:
        return list(self._marks.get("marks") or [])

    def set_marks(self, marks: Any) -> None:
        """What the bot has told about its own coming hours; the newest telling replaces the last."""
        told = [{k: str(mark[k]) for k in ("name", "label", "at")} for mark in marks]
        for mark in told:
            zoned(mark["at"])
        self._marks.put("marks", told)

    # Faults.

    async def break_line(self, wish: Record) -> None:
        kind = str(wish.get("kind", ""))
        if kind == "outage_on":
            self._faults.outage = True
            await self._sockets.drop()
        elif kind == "outage_off":
            self._faults.outage = False
        elif kind.startswith("shut_out:"):
            self._faults.shut_out = kind.removeprefix("shut_out:")
        elif kind == "let_in":
            self._faults.shut_out = None
        elif kind in ("pace_on", "pace_off"):
            self._faults.keeps_pace = kind == "pace_on"
        elif kind == "sockets_refresh":
            await self._sockets.refresh()
        elif kind == "sockets_drop":
            await self._sockets.drop()
        elif kind == "sockets_drop_one":
            await self._sockets.drop(one=True)
        elif kind == "sockets_disable":
            await self._sockets.disable()
        elif kind == "clear":
            self._faults.forget()
        else:
            self._order(wish, kind)

    def _order(self, wish: Record, kind: str) -> None:
        seconds = wish.get("seconds")
        try:
            self._faults.order(
                method=str(wish.get("method") or "*"),
                kind=kind,
                times=int(wish.get("times") or 1),
                seconds=None if seconds is None else float(seconds),
            )
        except ValueError:
            raise Hindered("unknown_fault", f"Den forstyrrelse kendes ikke: {kind}.") from None
