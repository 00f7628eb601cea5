"""The meeting desk (Mødepult): `/dagsorden`, arranging the agenda, the post, meetings, and what is urgent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from bot.domain.calendar import DateUnclear
from bot.domain.meeting import MeetingOver
from bot.domain.rules import Rules
from bot.texts import Said
from bot.usecases import Office
from bot.usecases.agenda_facts import Desk, ItemLine
from bot.usecases.ports import RulesBook
from bot.views import agenda as agenda_views
from bot.views import common, meeting_news
from bot.views import meeting as views
from bot.views.kit import Button
from handlers.agendas import AgendaDesk
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.words import first_word, nearest

CANCEL = frozenset({"aflys", "cancel"})
MOVE = frozenset({"flyt", "move"})
EXTRA = frozenset({"ekstra", "extra", "indkald"})
SHOW = frozenset({"opslag", "opslaget", "preview", "post"})
MINE = frozenset({"min", "mine", "my"})
REGRETS = frozenset({"afbud", "regrets", "absent"})
KNOWN = CANCEL | MOVE | EXTRA | SHOW | MINE | REGRETS


class MeetingDesk:
    def __init__(self, office: Office, rules: RulesBook, agendas: AgendaDesk) -> None:
        self._office, self._rules, self._agendas = office, rules, agendas

    def table(self) -> dict[str, object]:
        return {
            "command:/dagsorden": self.command,
            "action:desk.open": self.open,
            "action:desk.item": self.arrange,
            "submit:desk.to": self.move_to,
            "submit:desk.minutes": self.set_minutes,
            "submit:desk.off": self.take_off,
            "action:desk.add": self.add_form,
            "submit:desk.add": self.add,
            "action:desk.preview": self.preview,
            "action:desk.outside": self.outside,
            "action:desk.cancel": self.cancel_form,
            "submit:desk.cancel": self.cancel,
            "action:desk.cancel.undo": self.undo_cancel,
            "action:desk.move": self.move_form,
            "submit:desk.move": self.move,
            "action:desk.move.undo": self.undo_move,
            "action:desk.extra": self.extra_form,
            "submit:desk.extra": self.extra,
            "action:desk.extra.undo": self.undo_extra,
            "action:post.again": self.post_again,
            "action:urgent.extra": self.urgent_extra,
            "action:urgent.now": self.urgent_now_form,
            "submit:urgent.now": self.urgent_now,
            "action:urgent.undo": self.urgent_undo,
        }

    def command(self, request: Request) -> Answer:
        """The secretary and the chair get the desk, all others their own agenda; a slip gets the nearest word."""
        word, _ = first_word(request.text)
        if word and word not in KNOWN:
            word = nearest(word, KNOWN) or ""
        if word in MINE or (not request.person.runs_meetings and word not in REGRETS):
            return self._agendas.mine(request)
        meeting = self._now(request)
        if meeting is None:
            return self.extra_form(request) if word in EXTRA else self._desk(request, None)
        return self._by_word(request, word, meeting)

    def _by_word(self, request: Request, word: str, meeting: str) -> Answer:
        if word in REGRETS:
            return self._agendas.send_regrets(replace(request, value=meeting))
        if word in CANCEL:
            return Open(self._cancel_form(request, meeting))
        if word in MOVE:
            return Open(self._move_form(request, meeting))
        if word in EXTRA:
            return self.extra_form(request)
        if word in SHOW:
            return Open(self._preview(request, meeting))
        return self._desk(request, None)

    def _now(self, request: Request) -> str | None:
        try:
            return self._office.agendas.mine(request.asked(once=False)).view.meeting.id
        except MeetingOver:
            return None

    # --- the desk itself ---

    def open(self, request: Request) -> Answer:
        return self._desk(request, request.value)

    def _desk(self, request: Request, meeting: str | None) -> Answer:
        view = self._desk_form(request, meeting)
        return Push(view) if request.in_modal else Open(view)

    def _desk_form(self, request: Request, meeting: str | None) -> Json:
        found = self._office.agendas.desk(request.asked(once=False), meeting)
        ids = meta(nonce(), **({"m": meeting} if meeting else {}))
        return views.desk_form(found, request.texts, self._rules_now(request), meta=ids)

    def arrange(self, request: Request) -> Answer:
        """An entry of an item's small menu: moved at once, or a form that asks where to, or how long."""
        verb, _, presentation = request.value.partition(":")
        agendas = self._office.agendas
        if verb in ("to", "minutes", "off"):
            return self._on_top(request, self._arrange_form(request, verb, presentation))
        agendas.shift(request.asked(), presentation, by=-1 if verb == "up" else 1)
        return self._redrawn(request)

    def _arrange_form(self, request: Request, verb: str, presentation: str) -> Json:
        found, line = self._line(request, presentation)
        assert found.view is not None, "an item stands on some agenda"
        ids = self._from_here(request, p=presentation)
        if verb == "to":
            return views.to_form(line, found.view, request.texts, meta=ids)
        if verb == "off":
            return views.off_form(line, request.texts, self._rules_now(request), meta=ids)
        return views.minutes_form(line, request.texts, meta=ids)

    def _line(self, request: Request, presentation: str) -> tuple[Desk, ItemLine]:
        opened = self._office.agendas.desk_with(request.asked(once=False), presentation)
        assert opened.view is not None, "an item stands on some agenda"
        return opened, next(i for i in opened.view.lines if i.id == presentation)

    def move_to(self, request: Request) -> Answer:
        number = int(request.form.one("number") or 3)
        self._office.agendas.move_to(request.asked(), request.meta["p"], number=number)
        return self._closed(request)

    def take_off(self, request: Request) -> Answer:
        reason = request.form.one("reason")
        off = self._office.agendas.take_off(request.asked(), request.meta["p"], reason=reason)
        line = self._office.cases.get(request.asked(once=False), off.case_id)
        said = request.texts.say("undo", "off_receipt", alias=line.alias)
        undo = Button(request.texts.say("common", "undo"), "undo.taken_off", off.id)
        receipt = agenda_views.answer(said, request.texts, undo=undo)
        return Show(receipt, home=True, redraw=self._beneath(request))

    def set_minutes(self, request: Request) -> Answer:
        minutes = int(request.form.one("minutes") or 15)
        self._office.agendas.set_minutes(request.asked(), request.meta["p"], minutes=minutes)
        return self._closed(request)

    def add_form(self, request: Request) -> Answer:
        found = self._office.agendas.desk(request.asked(once=False), request.value)
        if not found.waiting:
            return self._redrawn(request)
        ids = self._from_here(request, a=request.value)
        return self._on_top(request, views.add_form(found, request.texts, meta=ids))

    def add(self, request: Request) -> Answer:
        item = request.form.one("item") or ""
        self._office.agendas.add(request.asked(), item, request.meta["a"])
        return self._closed(request)

    def preview(self, request: Request) -> Answer:
        return self._on_top(request, self._preview(request, request.value))

    def _preview(self, request: Request, meeting: str) -> Json:
        found = self._office.posts.preview(request.asked(once=False), meeting)
        return views.preview(found, request.texts, self._rules_now(request), meeting=meeting)

    def outside(self, request: Request) -> Answer:
        found = self._office.posts.preview(request.asked(once=False), request.value)
        return self._on_top(request, views.outside(found, request.texts))

    def post_again(self, request: Request) -> Answer:
        self._office.posts.again(request.asked(), request.value)
        return self._told(request, request.texts.say("agenda", "posted_again"))

    # --- meetings ---

    def cancel_form(self, request: Request) -> Answer:
        return self._on_top(request, self._cancel_form(request, request.value))

    def _cancel_form(self, request: Request, meeting_id: str) -> Json:
        found = self._office.agendas.desk(request.asked(once=False), meeting_id)
        assert found.view is not None, "a meeting that is named is shown"
        ids = self._from_here(request, a=meeting_id)
        return views.cancel_form(
            found.view.meeting, len(found.view.lines), request.texts, self._rules_now(request), meta=ids
        )

    def cancel(self, request: Request) -> Answer:
        reason = request.form.one("reason") or "other"
        meeting = self._office.meetings.cancel(request.asked(), request.meta["a"], reason=reason)
        return self._done(
            request, views.told_of(request.texts, meeting), views.undo_button(request.texts, meeting)
        )

    def undo_cancel(self, request: Request) -> Answer:
        meeting = self._office.meetings.undo_cancel(request.asked(), request.value)
        return self._told(request, request.texts.say("meeting", "cancel_undone", day=meeting.day))

    def move_form(self, request: Request) -> Answer:
        return self._on_top(request, self._move_form(request, request.value))

    def _move_form(self, request: Request, meeting_id: str) -> Json:
        meeting = self._office.meetings.get(request.asked(once=False), meeting_id)
        return views.move_form(meeting, request.texts, meta=self._from_here(request, a=meeting_id))

    def move(self, request: Request) -> Answer:
        day, starts = _slot(request)
        meeting = self._office.meetings.move(request.asked(), request.meta["a"], day=day, starts=starts)
        return self._done(
            request, views.told_of(request.texts, meeting), views.undo_button(request.texts, meeting)
        )

    def undo_move(self, request: Request) -> Answer:
        meeting = self._office.meetings.undo_move(request.asked(), request.value)
        facts = {"day": meeting.day, "starts": meeting.starts}
        return self._told(request, request.texts.say("meeting", "move_undone", **facts))

    def extra_form(self, request: Request) -> Answer:
        self._office.meetings.coming(request.asked(once=False), count=1)  # refuses who may not call one
        return self._on_top(request, views.extra_form(request.texts, meta=self._from_here(request)))

    def extra(self, request: Request) -> Answer:
        day, starts = _slot(request)
        minutes = int(request.form.one("minutes") or 60)
        meeting = self._office.meetings.add_extra(request.asked(), day=day, starts=starts, minutes=minutes)
        return self._done(
            request, views.told_of(request.texts, meeting), views.undo_button(request.texts, meeting)
        )

    def undo_extra(self, request: Request) -> Answer:
        self._office.meetings.undo_extra(request.asked(), request.value)
        return self._told(request, request.texts.say("meeting", "extra_undone"))

    # --- what is urgent ---

    def urgent_extra(self, request: Request) -> Answer:
        self._office.urgent.extra_item(request.asked(), request.value)
        return self._chosen(request, request.value)

    def urgent_now_form(self, request: Request) -> Answer:
        ids = meta(nonce(), p=request.value)
        members = self._office.calling.choices(request.asked(once=False))
        told = self._office.urgent.of(request.asked(once=False), request.value)
        return self._on_top(request, views.urgent_now_form(request.texts, told, members, meta=ids))

    def urgent_now(self, request: Request) -> Answer:
        p = request.meta["p"]
        day, starts = _slot(request)
        called = request.form.many("called")
        self._office.urgent.extra_meeting(request.asked(), p, day=day, starts=starts, called=called)
        return self._chosen(request, p)

    def urgent_undo(self, request: Request) -> Answer:
        self._office.urgent.undo(request.asked(), request.value)
        told = self._office.urgent.of(request.asked(once=False), request.value)
        return self._told(request, request.texts.say("agenda", "urgent_undone", alias=told.alias))

    def _chosen(self, request: Request, presentation: str) -> Answer:
        told = self._office.urgent.of(request.asked(once=False), presentation)
        undo = Button(request.texts.say("common", "undo"), "urgent.undo", presentation)
        return self._done(request, meeting_news.urgent_chosen(request.texts, told), undo)

    # --- where an answer goes ---

    def _done(self, request: Request, said: Said, undo: Button) -> Answer:
        """The receipt is the last view of the form (D37), or beside the message, with *Fortryd*."""
        if request.kind == "submit" or request.in_modal:
            return Show(agenda_views.answer(said, request.texts, undo=undo), home=True)
        return Say(agenda_views.answer_aside(said, undo=undo), home=True)

    def _told(self, request: Request, said: Said) -> Answer:
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        if request.in_home:
            return Nothing(home=True)
        return Say(common.sentence(said), home=True)

    def _redrawn(self, request: Request) -> Answer:
        """The desk that was pressed in, as it looks now."""
        if request.in_modal:
            return Show(self._desk_form(request, request.meta.get("m")), home=True)
        return Nothing(home=True)

    def _closed(self, request: Request) -> Answer:
        """The form closes; the desk beneath, if there is one, is drawn anew."""
        return Nothing(home=True, redraw=self._beneath(request))

    def _beneath(self, request: Request) -> dict[str, Json]:
        beneath = request.meta.get("v")
        return {beneath: self._desk_form(request, request.meta.get("m"))} if beneath else {}

    def _from_here(self, request: Request, **ids: str) -> str:
        """Remembers the desk beneath, so that it can be drawn anew."""
        if request.view.get("callback_id") == "desk":
            ids |= {"v": str(request.view["id"])}
            if "m" in request.meta:
                ids |= {"m": request.meta["m"]}
        return meta(nonce(), **ids)

    def _on_top(self, request: Request, view: Json) -> Answer:
        return Push(view) if request.in_modal else Open(view)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _slot(request: Request) -> tuple[date, time]:
    """Day and clock as they were picked; Slack sends no form without them."""
    day, starts = request.form.date("day"), request.form.time("starts")
    if day is None or starts is None:
        raise DateUnclear(field="day")
    return day, starts
