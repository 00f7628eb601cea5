"""The administrator's desk: roles, the committee, its channel, its members."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.domain.committee import SeatKind
from bot.domain.people import ROLES_OF_AN_AREA, PersonId, Post, Role
from bot.domain.rules import Rules
from bot.slack.directory import Directory
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.setup import Slot
from bot.views import common
from bot.views import outbox as outbox_views
from bot.views import setup as views
from bot.views import watch as watch_views
from handlers import refusals
from handlers.answers import Answer, Nothing, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Form, Json, Request, meta
from handlers.second_thoughts import told


class SetupDesk:
    def __init__(self, office: Office, rules: RulesBook, directory: Directory) -> None:
        self._office, self._rules, self._directory = office, rules, directory

    def table(self) -> dict[str, object]:
        return {
            "action:roles.open": self.roles,
            "submit:roles.give": self.give,
            "action:committee.open": self.committee,
            "submit:committee.save": self.save_committee,
            "action:channel.open": self.channel,
            "submit:channel.save": self.save_channel,
            "action:roster.open": self.roster,
            "action:roster.add": self.seat_form,
            "submit:roster.seat": self.seat,
            "action:roster.remove": self.unseat,
            "action:notices.again": self.send_again,
            "action:place.again": self.place_again,
            "action:stuck.open": self.stuck,
            "action:stuck.again": self.take_up,
            "action:stuck.never": self.give_up,
            "action:checks.run": self.checks,
        }

    def roles(self, request: Request) -> Answer:
        person = request.value if request.value not in ("", "x") else None
        posts = self._office.people.posts_of(request.asked(once=False), person or request.person.id)
        held = posts if person else frozenset()
        view = views.roles_form(
            request.texts, self._rules_now(request), person=person, posts=held, meta=meta(nonce())
        )
        return _on_top(request, view)

    def give(self, request: Request) -> Answer:
        form = request.form
        people, asked = form.many("people"), request.asked()
        self._office.people.give_posts(
            asked,
            people,
            _posts(form),
            self._names(people),
            keep=form.one("how") != "exactly",
        )
        said = request.texts.say("setup", "roles_given", count=len(people))
        return told(request, said, ("undo.roles", asked.at.isoformat()))

    def checks(self, request: Request) -> Answer:
        found = self._office.watchkeeping.checks(request.asked())
        return replace(_on_top(request, watch_views.checks(request.texts, found, request.at)), home=True)

    def committee(self, request: Request) -> Answer:
        known = self._office.setup.committee(request.asked(once=False))
        return _on_top(request, views.committee_form(request.texts, known, meta=meta(nonce())))

    def save_committee(self, request: Request) -> Answer:
        form = request.form
        saved = self._office.setup.save_committee(
            request.asked(),
            Slot(
                name=form.text("name"),
                weekday=int(form.one("weekday") or 0),
                starts=form.time("starts") or time(9, 0),
                minutes=int(form.one("minutes") or 120),
                room=form.text("room"),
                language=form.one("language") or "da",
            ),
        )
        return Show(views.channel_form(request.texts, saved.channel, meta=meta(nonce())), home=True)

    def channel(self, request: Request) -> Answer:
        known = self._office.setup.committee(request.asked(once=False))
        channel = known.channel if known else None
        return _on_top(request, views.channel_form(request.texts, channel, meta=meta(nonce())))

    def save_channel(self, request: Request) -> Answer:
        chosen = self._office.setup.choose_channel(request.asked(), request.form.one("channel") or "")
        said = views.channel_chosen(request.texts, chosen)
        return Show(common.told(said, request.texts), home=True)

    def roster(self, request: Request) -> Answer:
        facts = self._office.setup.roster(request.asked(once=False))
        return _on_top(request, views.roster(request.texts, self._rules_now(request), facts))

    def seat_form(self, request: Request) -> Answer:
        ids = meta(nonce(), v=str(request.view.get("id", "")))
        return Push(views.seat_form(request.texts, self._rules_now(request), meta=ids))

    def seat(self, request: Request) -> Answer:
        form = request.form
        person = form.one("person") or ""
        facts = self._office.setup.seat(
            request.asked(),
            person,
            self._names((person,)).get(person),
            kind=SeatKind(form.one("kind") or SeatKind.CASEWORKER),
            area=form.one("area") or "",
            alternate=bool(form.many("alternate")),
            first=form.date("first"),
            last=form.date("last"),
        )
        view = views.roster(request.texts, self._rules_now(request), facts)
        return Nothing(home=True, redraw={request.meta["v"]: view})

    def unseat(self, request: Request) -> Answer:
        facts = self._office.setup.unseat(request.asked(), request.value)
        return Show(views.roster(request.texts, self._rules_now(request), facts), home=True)

    def send_again(self, request: Request) -> Answer:
        count = self._office.setup.send_again(request.asked())
        said = request.texts.say("setup", "sent_again", count=count)
        return _on_top(request, common.told(said, request.texts), home=True)

    def place_again(self, request: Request) -> Answer:
        count = self._office.outbox.place_again(request.asked(), request.value)
        return refusals.aside(request.texts.say("setup", "sent_again", count=count), request)

    def stuck(self, request: Request) -> Answer:
        return _on_top(
            request, outbox_views.stuck(request.texts, self._office.outbox.seen(request.asked(once=False)))
        )

    def take_up(self, request: Request) -> Answer:
        left = self._office.outbox.take_up(request.asked(), request.value)
        return Show(outbox_views.stuck(request.texts, left), home=True)

    def give_up(self, request: Request) -> Answer:
        left = self._office.outbox.give_up(request.asked(), request.value)
        return Show(outbox_views.stuck(request.texts, left), home=True)

    def _names(self, people: tuple[PersonId, ...]) -> dict[PersonId, str]:
        """The employees among them, as Slack knows them."""
        found = (self._directory.find(id) for id in people)  # noqa: A001
        return {user.id: user.name for user in found if user and user.full_member}

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _posts(form: Form) -> frozenset[Post]:
    area = form.one("area")
    roles = [Role(r) for r in (*form.many("roles"), *form.many("roles_whole"))]
    return frozenset(Post(r, area if r in ROLES_OF_AN_AREA else None) for r in roles)


def _on_top(request: Request, view: Json, *, home: bool = False) -> Answer:
    return Push(view, home=home) if request.in_modal else Open(view, home=home)
