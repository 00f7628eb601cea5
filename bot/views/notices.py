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
    agenda,
    case,
    conversation,
    follow_up,
    frame,
    meeting_news,
    minutes,
    overview,
    ready,
    referral,
    settings,
    task,
)
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
    "frame_mark": frame.mark,
    "new_frame": frame.new_frame,
    "new_date": follow_up.new_date,
    "new_date_given": follow_up.new_date_given,
    "overview": overview.message,
    "handled": _handled,
    "welcome": _welcome,
    "access_wish": _access_wish,
    "away": lambda facts, words, _rules: settings.told_deputy(facts, words),
    "reply": conversation.reply,
    "double_refused": lambda facts, words, _rules: case.double(facts, words),
    "referral": lambda facts, words, _rules: referral.to_leader(facts, words),
    "proposal": lambda facts, words, _rules: ready.proposal(facts, words),
    "proposal_answer": lambda facts, words, _rules: ready.proposal_answer(facts, words),
    "complete": lambda facts, words, _rules: ready.complete(facts, words),
    "answered": referral.to_caseworker,
    "minutes": minutes.to_chair,
    "decided": minutes.decided,
    "contact": minutes.contact,
    "area_tasks": task.told,
    "urgent": meeting_news.urgent,
    "can_wait": meeting_news.can_wait,
    "agenda": agenda.post,
    "post_blocked": meeting_news.trouble,
    "post_missed": meeting_news.trouble,
    "presenting": meeting_news.presenting,
    "meeting_cancelled": meeting_news.changed,
    "meeting_moved": meeting_news.changed,
    "regret": meeting_news.regret,
    "stand_in": meeting_news.stand_in,
}


class NoticeWords:
    def __init__(self, rules: RulesBook) -> None:
        self._rules = rules

    def say(self, kind: str, facts: Any, *, language: str, key: str) -> Json:
        """The message as Slack takes it; its first block carries the notice's own opaque key."""
        try:
            message = VIEWS[kind](facts, texts(language), self._rules.on(date.max))
        except Exception as why:
            raise WordsFailed(type(why).__name__) from why
        if message["blocks"]:
            message["blocks"][0]["block_id"] = f"n:{key}"
        return message
