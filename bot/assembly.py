"""Where the parts meet; the only module that knows them all."""

from __future__ import annotations

import random
import secrets
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clocks import MachineClock, SandboxClock
from bot.domain.people import Person
from bot.log import get_log
from bot.rules import DEFAULT, alias_words, read_rules
from bot.settings import Settings
from bot.slack import client as slack_client
from bot.slack.channel_guard import SlackChannelGuard
from bot.slack.directory import Directory
from bot.slack.messenger import SlackMessenger
from bot.texts import Texts
from bot.usecases import (
    Office,
    agenda_facts,
    agendas,
    cases,
    follow_ups,
    frame_facts,
    meetings,
    minutes,
    overviews,
    people,
    posts,
    readiness,
    referrals,
    sessions,
    setup,
    tasks,
    urgent,
)
from bot.usecases.agendas import Agendas
from bot.usecases.cases import Cases
from bot.usecases.conversation import Conversation, tell_reply
from bot.usecases.delivery import PACE_SECONDS, Delivery, Teller
from bot.usecases.drafts import Drafts
from bot.usecases.follow_ups import FollowUps
from bot.usecases.frames import Frames
from bot.usecases.homes import HomePart, Homes, my_cases, my_queue
from bot.usecases.meetings import Meetings
from bot.usecases.minutes import Minutes
from bot.usecases.notes import Notes, my_notes
from bot.usecases.overviews import Overviews
from bot.usecases.people import People
from bot.usecases.ports import Asked, ChannelGuard, Clock, Messenger, RulesBook
from bot.usecases.posts import Posts
from bot.usecases.readiness import Readiness
from bot.usecases.referrals import Referrals
from bot.usecases.sessions import Sessions
from bot.usecases.stirring import Stirring
from bot.usecases.tasks import Tasks
from bot.usecases.tools import Tools
from bot.usecases.urgent import Urgent
from bot.views import follow_up as follow_up_views
from bot.views import home as home_views
from bot.views import meeting as meeting_views
from bot.views import minutes as minutes_views
from bot.views import note as note_views
from bot.views import overview as overview_views
from bot.views import session as session_views
from bot.views import setup as setup_views
from bot.views import task as task_views
from bot.views.home import HomeView
from bot.views.notices import NoticeWords
from storage.engine import Database
from storage.sealing import KeyRing
from storage.unit_of_work import Storage

log = get_log()

HOME_PARTS: dict[str, tuple[HomePart, HomeView]] = {
    "admin": (setup.admin_desk, setup_views.admin_part),
    "today": (overviews.my_today, overview_views.today_part),
    "long_overdue": (overviews.long_overdue, overview_views.long_overdue_part),
    "queue": (my_queue, home_views.queue_part),
    "session": (sessions.running_meetings, session_views.home_part),
    "minutes": (minutes.waiting_minutes, minutes_views.home_part),
    "tasks": (tasks.my_tasks, task_views.home_part),
    "desk": (agenda_facts.desk_part, meeting_views.desk),
    "wishes": (follow_ups.wishes_for_me, follow_up_views.wishes_part),
    "member": (agenda_facts.member_part, meeting_views.member),
    "cases": (my_cases, home_views.cases_part),
    "area": (overviews.my_area, overview_views.area_part),
    "notes": (my_notes, note_views.notes_part),
}
"""The parts of Home from the top: how its facts are found, and how it is drawn."""

TELLERS: dict[str, Teller] = {
    **cases.TELLERS,
    **referrals.TELLERS,
    **people.TELLERS,
    **readiness.TELLERS,
    **meetings.TELLERS,
    **minutes.TELLERS,
    **frame_facts.TELLERS,
    **follow_ups.TELLERS,
}

KNOCK_SECONDS = 20.0
KNOCK_SECONDS_IN_SANDBOX = 0.5


LETTERS = "abcdefghijkmnpqrstuvwxyz"


class MachineChance:
    """Ids nobody can guess, and chance from the machine."""

    random: random.Random = random.SystemRandom()

    def id(self) -> str:
        """26 letters, some 117 bits. No digits, so that no id ever looks like a number of somebody."""
        return "".join(secrets.choice(LETTERS) for _ in range(26))


@dataclass
class House:
    """The bot, put together. `office` is what can be asked of it; Slack is only needed to serve."""

    storage: Storage
    rules: RulesBook
    office: Office
    clock: Clock
    delivery: Delivery
    settings: Settings | None = None
    directory: Directory | None = None
    client: Any = None
    wake: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def build(cls, settings: Settings) -> House:
        """Raises KeyUnfit, RulesUnfit. Speaks with nobody yet."""
        web = slack_client(
            settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            proxy=settings.proxy.get_secret_value() if settings.proxy else None,
            ca_file=str(settings.ca_file) if settings.ca_file else None,
        )
        directory = Directory(web, team=settings.team)
        wake = threading.Event()
        house = put_together(
            database=Database(settings.database_url.get_secret_value()),
            keys=KeyRing.read(settings.keys.get_secret_value()),
            rules_path=settings.rules or DEFAULT,
            clock=SandboxClock(settings.clock_url) if settings.clock_url else MachineClock(),
            messenger=SlackMessenger(web),
            guard=SlackChannelGuard(web, directory),
            first_administrator=settings.first_administrator,
            wake=wake,
            pace=PACE_SECONDS,
        )
        house.settings, house.directory, house.client = settings, directory, web
        return house

    def draw_home(self, person: Person, at: datetime, texts: Texts) -> dict[str, Any]:
        """A person's Home as it looks now."""
        if not person.has_any_role:
            return home_views.stranger_home(texts)
        facts = self.office.homes.of(Asked(person, at, "home"))
        views = {name: view for name, (_, view) in HOME_PARTS.items()}
        return home_views.home(facts, texts, self.rules.on(at.date()), views)

    def close(self) -> None:
        self.storage.database.close()


def put_together(
    *,
    database: Database,
    keys: KeyRing,
    clock: Clock,
    messenger: Messenger,
    guard: ChannelGuard,
    rules_path: Path = DEFAULT,
    first_administrator: str | None = None,
    wake: threading.Event | None = None,
    chance: Any = None,
    pace: float = 0.0,
) -> House:
    """The house around given doors to the outside; tests give other doors."""
    chance = chance or MachineChance()
    wake = wake or threading.Event()
    rules = read_rules(rules_path)
    storage = Storage(database, keys=keys, new_id=chance.id, wake=wake.set)
    tools = Tools(storage.open_work, storage.open_reading, rules, chance, alias_words())
    office = make_office(tools, guard=guard, first_administrator=first_administrator)
    delivery = Delivery(
        tools,
        clock=clock,
        messenger=messenger,
        words=NoticeWords(rules),
        tellers=tellers(guard, rules),
        owner=f"{socket.gethostname()[:20]}-{secrets.token_hex(4)}",
        pace=pace,
    )
    return House(storage, rules, office, clock, delivery, wake=wake)


def make_office(tools: Tools, *, guard: ChannelGuard, first_administrator: str | None) -> Office:
    homes = Homes(tools)
    desk = Meetings(tools)
    homes.parts = {name: part for name, (part, _) in HOME_PARTS.items()}
    return Office(
        people=People(tools, first_administrator=first_administrator),
        cases=Cases(tools),
        referrals=Referrals(tools),
        drafts=Drafts(tools),
        readiness=Readiness(tools),
        homes=homes,
        meetings=desk,
        setup=setup.Setup(tools, guard=guard, lay_out=desk.lay_out_due),
        conversation=Conversation(tools),
        notes=Notes(tools),
        agendas=Agendas(tools),
        posts=Posts(tools, guard=guard),
        urgent=Urgent(tools, desk),
        sessions=Sessions(tools),
        minutes=Minutes(tools),
        tasks=Tasks(tools),
        frames=Frames(tools),
        follow_ups=FollowUps(tools),
        overviews=Overviews(tools),
        stirring=Stirring(tools),
    )


def tellers(guard: ChannelGuard, rules: RulesBook) -> Mapping[str, Teller]:
    return {
        **TELLERS,
        **posts.tellers(guard, rules),
        **agendas.tellers(rules),
        "reply": tell_reply(rules),
        **urgent.tellers(rules),
        **overviews.tellers(rules),
    }
