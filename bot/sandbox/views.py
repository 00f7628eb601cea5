"""Views on people's screens: a stack of at most three modals and one Home tab for each person."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from bot.sandbox import form_state
from bot.sandbox.refusals import Refused
from bot.sandbox.store import Store
from bot.sandbox.strict import with_ids
from bot.sandbox.world import World

Record = dict[str, Any]
DEEPEST = 3
FRAME: Record = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "title": None,
    "submit": None,
    "close": None,
    "clear_on_close": False,
    "notify_on_close": False,
    "submit_disabled": False,
}


class Views:
    """Keeps views as Slack sends them, with `user`, `state` and the complaints shown beside them."""

    def __init__(self, store: Store, world: World, changed: Callable[[], None]) -> None:
        self._views = store.shelf("views")
        self._stacks = store.shelf("stacks")
        self._homes = store.shelf("homes")
        self._world = world
        self._changed = changed

    # What the app does.

    def open(self, user: str, view: Record) -> Record:
        """A new modal; whatever stood on the screen gives way to it."""
        self._refuse_same_external_id(view)
        for view_id in self.stack_ids(user):
            self._views.drop(view_id)
        opened = self._new(user, view)
        self._stacks.put(user, [opened["id"]])
        return self._keep(opened)

    def push(self, user: str, view: Record) -> Record:
        stack = self.stack_ids(user)
        if not stack:
            raise Refused("not_found")
        if len(stack) >= DEEPEST:
            raise Refused("push_limit_reached")
        self._refuse_same_external_id(view)
        root = self._views.get(stack[0])
        pushed = self._new(user, view) | {"root_view_id": root["id"], "previous_view_id": stack[-1]}
        self._stacks.put(user, [*stack, pushed["id"]])
        return self._keep(pushed)

    def update(
        self, view: Record, *, view_id: str | None, external_id: str | None, expected: str | None
    ) -> Record:
        """The same view with other content. What was typed stays where names stay."""
        old = self._views.get(view_id) if view_id else self._by_external_id(external_id)
        if old is None or old["type"] != view["type"]:
            raise Refused("not_found")
        if expected and expected != old["hash"]:
            raise Refused("hash_conflict")
        self._refuse_same_external_id(view, besides=old["id"])
        return self._keep(self._rebuilt(old, view))

    def publish(self, user: str, view: Record, *, expected: str | None) -> Record:
        old = self.home(user)
        if expected and old and expected != old["hash"]:
            raise Refused("hash_conflict")
        if old:
            return self._keep(self._rebuilt(old, view))
        home = self._new(user, view)
        self._homes.put(user, home["id"])
        return self._keep(home)

    # What a person sees and does.

    def stack_ids(self, user: str) -> list[str]:
        return list(self._stacks.get(user) or [])

    def modals(self, user: str) -> list[Record]:
        """Bottom first."""
        return [self._views.get(view_id) for view_id in self.stack_ids(user)]

    def home(self, user: str) -> Record | None:
        view_id = self._homes.get(user)
        return self._views.get(view_id) if view_id else None

    def seen_by(self, user: str, view_id: str) -> Record:
        """The view, if it is on this person's screen; refuses what somebody else has open."""
        view = self._views.get(view_id)
        if view is None or view["user"] != user:
            raise Refused("not_found")
        found: Record = view
        return found

    def fill(self, view: Record, typed: Any) -> None:
        if typed:
            view["state"] = form_state.filled_state(view["blocks"], view["state"], typed)
            self._keep(view)

    def complain(self, view: Record, complaints: dict[str, str] | None) -> None:
        if self._views.get(view["id"]):
            view["errors"] = complaints
            self._keep(view)

    def close(self, view: Record) -> None:
        """Takes one modal off the screen; the one beneath shows again."""
        user = view["user"]
        self._stacks.put(user, [v for v in self.stack_ids(user) if v != view["id"]])
        self._views.drop(view["id"])
        self._changed()

    def close_all(self, user: str) -> list[Record]:
        """Clears the screen and answers what stood there, top first."""
        gone = list(reversed(self.modals(user)))
        for view in gone:
            self.close(view)
        return gone

    def payload(self, view: Record) -> Record:
        """The view as Slack shows it to the app."""
        hidden = ("user", "errors", "state")
        return {k: v for k, v in view.items() if k not in hidden} | {"state": {"values": view["state"]}}

    def _new(self, user: str, view: Record) -> Record:
        view_id = "V0" + secrets.token_hex(4).upper()
        made: Record = {
            "id": view_id,
            "user": user,
            "root_view_id": view_id,
            "previous_view_id": None,
            "state": {},
        }
        return self._rebuilt(made, view)

    def _rebuilt(self, old: Record, view: Record) -> Record:
        blocks = with_ids(view["blocks"])
        bot = self._world.bot
        return {
            **FRAME,
            **view,
            "blocks": blocks,
            "state": form_state.kept_state(blocks, old["state"]),
            "id": old["id"],
            "user": old["user"],
            "root_view_id": old["root_view_id"],
            "previous_view_id": old["previous_view_id"],
            "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
            "team_id": self._world.team["id"],
            "app_id": bot.app_id,
            "app_installed_team_id": self._world.team["id"],
            "bot_id": bot.bot_id,
            "errors": None,
        }

    def _keep(self, view: Record) -> Record:
        self._views.put(view["id"], view)
        self._changed()
        return view

    def _by_external_id(self, external_id: str | None) -> Record | None:
        return next(
            (v for v in self._views.values() if external_id and v["external_id"] == external_id), None
        )

    def _refuse_same_external_id(self, view: Record, *, besides: str | None = None) -> None:
        same = self._by_external_id(view.get("external_id"))
        if same and same["id"] != besides:
            raise Refused("duplicate_external_id")
