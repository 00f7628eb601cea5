"""Words for what we owe somebody to hear: the kind of notice picks the view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.domain.people import Person
from bot.domain.rules import Rules
from bot.texts import Texts, joined, texts
from bot.usecases.ports import RulesBook, WordsFailed
from bot.views import (
    adjust,
    advisory,
    agenda,
    alarms,
    amendment,
    anchoring,
    ballot,
    briefing,
    case,
    closing,
    common,
    conversation,
    emergency,
    follow_up,
    frame,
    gathering,
    handover,
    item_question,
    journal_watch,
    looks,
    meeting_news,
    minutes,
    missing_again,
    outbox,
    overview,
    ready,
    referral,
    retention,
    role_news,
    substitute,
    target_group,
    task,
    withdrawal,
)
from bot.views import unread as unread_view
from bot.views.kit import Button, Json, Page, Surface

NoticeView = Callable[[Any, Texts, Rules], Json]


def _handled(_facts: Any, words: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT).section(words.say("common", "handled"))
    return page.message(words.say("common", "handled"))


def _welcome(person: Person, words: Texts, _rules: Rules) -> Json:
    roles = joined(", ", sorted({words.term("role", p.role) for p in person.posts}))
    page = Page(Surface.DIRECT)
    page.section(
        words.say("home", "welcome_message", name=person.name.split(" ")[0], roles=roles),
        button=Button(words.say("home", "start"), "help.open", style="primary"),
    )
    return page.message(words.say("common", "news"))


def _access_wish(facts: dict[str, str], words: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        words.say("home", "access_wish", name=facts["name"]),
        button=Button(words.say("home", "give_roles"), "roles.open", facts["person"], "primary"),
    )
    return page.message(words.say("common", "notification"))


VIEWS: dict[str, NoticeView] = {
    "alarm": alarms.message,
    "anchored": anchoring.anchored,
    "advisory": advisory.told,
    "no_plan": target_group.told,
    "frame_mark": frame.mark,
    "new_frame": frame.new_frame,
    "old_correction": frame.old_correction,
    "new_date": follow_up.new_date,
    "new_date_given": follow_up.new_date_given,
    "overview": overview.message,
    "slack_back": outbox.slack_back,
    "place_broken": outbox.place_broken,
    "handled": _handled,
    "welcome": _welcome,
    "access_wish": _access_wish,
    "away": substitute.told_deputy,
    "away_wish": substitute.wish,
    "away_answer": substitute.answer,
    "back": substitute.while_away,
    "substitute": substitute.told,
    "substituted": substitute.told,
    "substitute_long": substitute.long,
    "handover": handover.told,
    "reply": conversation.reply,
    "case_cancelled": lambda facts, words, _rules: withdrawal.cancelled_told(facts, words),
    "double_refused": lambda facts, words, _rules: case.double(facts, words),
    "referral": lambda facts, words, _rules: referral.to_leader(facts, words),
    "proposal": lambda facts, words, _rules: ready.proposal(facts, words),
    "proposal_answer": lambda facts, words, _rules: ready.proposal_answer(facts, words),
    "complete": lambda facts, words, _rules: ready.complete(facts, words),
    "answered": referral.to_caseworker,
    "brought_back": lambda facts, words, _rules: adjust.brought_back(facts, words),
    "minutes": minutes.to_chair,
    "decided": minutes.decided,
    "minutes_amended": amendment.told,
    "contact": minutes.contact,
    "area_tasks": task.told,
    "mandate_lacked": minutes.mandate_lacked,
    "taken_off": meeting_news.taken_off,
    "missing_again": missing_again.told,
    "mark_lost": missing_again.mark_lost,
    "urgent": meeting_news.urgent,
    "called": meeting_news.called,
    "can_wait": meeting_news.can_wait,
    "ballot": ballot.asked,
    "ballot_agreed": ballot.agreed,
    "ballot_to_meeting": ballot.to_meeting,
    "agenda": agenda.post,
    "post_blocked": meeting_news.trouble,
    "post_missed": meeting_news.trouble,
    "presenting": meeting_news.presenting,
    "meeting_cancelled": meeting_news.changed,
    "meeting_moved": meeting_news.changed,
    "regret": meeting_news.regret,
    "stand_in": meeting_news.stand_in,
    "seat_not_lent": meeting_news.seat_not_lent,
    "withdrawn": withdrawal.told,
    "closing": closing.asked,
    "closed": closing.closed,
    "does_not_hold": closing.does_not_hold,
    "reopened": closing.reopened,
    "item_question": item_question.told_question,
    "item_answer": item_question.told_answer,
    "briefing": briefing.told,
    "advice": gathering.advice_asked,
    "advice_answer": gathering.advice_answered,
    "emergency": emergency.told,
    "sample": looks.told,
    "retention": retention.told,
    "roles_changed": role_news.told,
    "journal_mark": journal_watch.mark,
    "journal_broken": journal_watch.broken,
    "mark_unwritten": journal_watch.unwritten,
    "unreadable": unread_view.told,
}


class NoticeWords:
    def __init__(self, rules: RulesBook, today: Callable[[], date]) -> None:
        self._rules, self._today = rules, today

    def say(self, kind: str, facts: Any, *, language: str, key: str, unread: int = 0) -> Json:
        """The message as Slack takes it; its first block carries the notice's own opaque key."""
        try:
            today = self._today()
            words = texts(language, self._rules.own_words).on(today)
            message = VIEWS[kind](facts, words, self._rules.on(today))
            message["blocks"] = common.saying_so(message["blocks"], words, unread, most=50)
        except Exception as why:  # this message's own fault: delivery marks it dead, where people see it
            raise WordsFailed(type(why).__name__) from why
        if message["blocks"]:
            message["blocks"][0]["block_id"] = f"n:{key}"
        return message
