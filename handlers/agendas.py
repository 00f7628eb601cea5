"""The desk for everybody's agenda: what is mine, one item opened, and what a member says before the meeting."""

from __future__ import annotations

from bot.domain.meeting import MeetingOver
from bot.slack.directory import Directory
from bot.texts import Said
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import agenda as views
from bot.views.kit import Button
from handlers import refusals
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class AgendaDesk:
    def __init__(self, office: Office, rules: RulesBook, directory: Directory) -> None:
        self._office, self._rules, self._directory = office, rules, directory

    def table(self) -> dict[str, object]:
        return {
            "action:agenda.mine": self.mine,
            "action:agenda.item": self.item,
            "action:agenda.mandate": self.confirm_all,
            "action:agenda.mandate.one": self.confirm_one,
            "action:agenda.absent": self.send_regrets,
            "action:agenda.absent.undo": self.undo_regrets,
            "action:agenda.conflict": self.conflict_form,
            "submit:agenda.conflict": self.declare_conflict,
            "action:agenda.conflict.one": self.declare_this_conflict,
            "action:agenda.conflict.undo": self.undo_conflict,
            "action:called.yes": self.come,
            "action:standin.yes": self.can_stand_in,
            "action:standin.no": self.cannot_stand_in,
            "event:member_joined_channel": self.channel_changed,
            "event:member_left_channel": self.channel_changed,
            "event:channel_shared": self.channel_changed,
        }

    def mine(self, request: Request) -> Answer:
        """Each their own truth; the same words whether or not there are cases one may not see (D6)."""
        try:
            found = self._office.agendas.mine(request.asked(once=False), request.value or None)
        except MeetingOver:
            return refusals.aside(request.texts.say("agenda", "no_meeting"), request)
        return self._on_top(request, views.mine(found, request.texts))

    def item(self, request: Request) -> Answer:
        return self._on_top(request, self._item(request, request.value))

    def _item(self, request: Request, presentation: str) -> Json:
        found = self._office.agendas.open_item(request.asked(once=False), presentation)
        ids = meta(nonce(), p=presentation)
        return views.item(found, request.texts, self._rules.on(request.asked(once=False).today), meta=ids)

    def confirm_all(self, request: Request) -> Answer:
        count = self._office.agendas.confirm_all(request.asked(), request.value)
        undo = Button(request.texts.say("common", "undo"), "undo.mandates", request.value)
        return self._told(request, request.texts.say("agenda", "mandates_done", count=count), undo)

    def confirm_one(self, request: Request) -> Answer:
        line = self._office.agendas.confirm_mandate(request.asked(), request.value)
        undo = Button(request.texts.say("common", "undo"), "undo.mandates", line.id)
        return self._told(request, request.texts.say("agenda", "mandate_done", alias=line.alias), undo)

    def send_regrets(self, request: Request) -> Answer:
        meeting = self._office.agendas.send_regrets(request.asked(), request.value)
        undo = Button(request.texts.say("common", "undo"), "agenda.absent.undo", meeting.id)
        return self._told(request, request.texts.say("agenda", "regrets_done", day=meeting.day), undo)

    def undo_regrets(self, request: Request) -> Answer:
        meeting = self._office.agendas.undo_regrets(request.asked(), request.value)
        if request.in_home:
            return Nothing(home=True)
        return self._told(request, request.texts.say("agenda", "regrets_undone", day=meeting.day))

    def conflict_form(self, request: Request) -> Answer:
        found = self._office.agendas.mine(request.asked(once=False), request.value)
        return self._on_top(request, views.conflict_form(found, request.texts, meta=meta(nonce())))

    def declare_conflict(self, request: Request) -> Answer:
        return self._declared(request, request.form.one("item") or "")

    def declare_this_conflict(self, request: Request) -> Answer:
        return self._declared(request, request.value)

    def _declared(self, request: Request, presentation: str) -> Answer:
        self._office.agendas.declare_conflict(request.asked(), presentation)
        undo = Button(request.texts.say("common", "undo"), "agenda.conflict.undo", presentation)
        return self._told(request, request.texts.say("agenda", "conflict_done"), undo)

    def undo_conflict(self, request: Request) -> Answer:
        self._office.agendas.undo_conflict(request.asked(), request.value)
        return self._told(request, request.texts.say("agenda", "conflict_undone"))

    def come(self, request: Request) -> Answer:
        meeting = self._office.calling.come(request.asked(), request.value)
        return Say(
            views.answer_aside(request.texts.say("agenda", "called_thanks", day=meeting.day)), home=True
        )

    def can_stand_in(self, request: Request) -> Answer:
        return self._stands_in(request, yes=True)

    def cannot_stand_in(self, request: Request) -> Answer:
        return self._stands_in(request, yes=False)

    def _stands_in(self, request: Request, *, yes: bool) -> Answer:
        meeting_id, _, absent = request.value.partition(":")
        meeting = self._office.agendas.stand_in(request.asked(), meeting_id, absent, yes=yes)
        mine = meeting.stand_ins.get(absent) == request.person.id
        block = "stand_in_yes" if mine else "stand_in_no"
        said = request.texts.say("agenda", block, day=meeting.day, starts=meeting.starts)
        undo = Button(request.texts.say("common", "undo"), "undo.stand_in", request.value)
        return self._told(request, said, undo if mine else None)

    def channel_changed(self, request: Request) -> Answer:
        """Somebody came or left, or the channel was shared: the posts in it choose their face at once (D34)."""
        event = request.payload["event"]
        if event.get("user"):
            self._directory.forget(str(event["user"]))
        self._office.posts.look_again(str(event["channel"]), request.at)
        if request.name == "member_joined_channel":
            self._office.outbox.place_open(str(event["channel"]), request.at)
        return Nothing()

    def _told(self, request: Request, said: Said, undo: Button | None = None) -> Answer:
        """What came of it where it was asked: in the form, on top of Home, or beside the message."""
        if request.in_modal:
            return Show(views.answer(said, request.texts, undo=undo), home=True)
        if request.in_home or request.kind == "command":
            return Open(views.answer(said, request.texts, undo=undo), home=True)
        return Say(views.answer_aside(said, undo=undo), home=True)

    def _on_top(self, request: Request, view: Json) -> Answer:
        return Push(view) if request.in_modal else Open(view)
