"""Where the parts meet; the only module that knows them all."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.anchor_places import AnchorFile, AnchorLog
from bot.chance import MachineChance
from bot.clocks import MachineClock, SandboxClock, SharedTime, machine_now
from bot.doctor import check_up
from bot.domain.calendar import local_date
from bot.domain.names import NameList
from bot.domain.people import Person
from bot.log import about_request, get_log
from bot.rules import DEFAULT, alias_words, read_rules
from bot.settings import Settings, names_of
from bot.slack import PATIENT, QUICK
from bot.slack.channel_guard import SlackChannelGuard
from bot.slack.directory import Directory
from bot.slack.messenger import SlackMessenger
from bot.slack.slacks_clock import SlacksClock
from bot.texts import Texts
from bot.tokens import MARK_BYTES, HeldToken, client_of
from bot.usecases import (
    Office,
    absences,
    adjustments,
    advisory,
    agenda_facts,
    agendas,
    amendments,
    anchorings,
    ballot_facts,
    briefings,
    calling,
    cases,
    closing_news,
    company,
    emergencies,
    follow_ups,
    frame_facts,
    gatherings,
    habits,
    handover_effect,
    item_questions,
    journal_watch,
    looks,
    meetings,
    minutes,
    missing_again,
    outbox,
    overviews,
    people,
    post_words,
    practice_cases,
    ready_news,
    referral_news,
    report_homes,
    retention,
    role_news,
    sessions,
    setup,
    substitutes,
    taking_off,
    target_group,
    tasks,
    todays,
    two_chairs,
    unread,
    urgent,
    watchkeeping,
)
from bot.usecases.absences import Absences
from bot.usecases.adjustments import Adjustments
from bot.usecases.advisory import Advisory
from bot.usecases.agendas import Agendas
from bot.usecases.amendments import Amendments
from bot.usecases.anchorings import Anchorings
from bot.usecases.apart import Apart
from bot.usecases.ballots import Ballots
from bot.usecases.briefings import Briefings
from bot.usecases.calendars import Calendars
from bot.usecases.calling import Calling
from bot.usecases.cases import Cases
from bot.usecases.closings import Closings
from bot.usecases.common_practice import CommonPractice
from bot.usecases.company import Company
from bot.usecases.conversation import Conversation, tell_reply
from bot.usecases.counts import Counts
from bot.usecases.delivery import PACE_SECONDS, Delivery, Teller
from bot.usecases.drafts import Drafts
from bot.usecases.emergencies import Emergencies
from bot.usecases.follow_ups import FollowUps
from bot.usecases.frames import Frames
from bot.usecases.gatherings import Gatherings
from bot.usecases.habits import Habits
from bot.usecases.handovers import Handovers
from bot.usecases.homes import HomePart, Homes, everyday, my_cases, my_queue
from bot.usecases.in_force import InForceNow
from bot.usecases.item_questions import ItemQuestions
from bot.usecases.journal_watch import JournalWatch
from bot.usecases.leader_conflicts import LeaderConflicts
from bot.usecases.looks import Looks
from bot.usecases.meetings import Meetings
from bot.usecases.minutes import Minutes
from bot.usecases.missing_again import MissingAgain
from bot.usecases.names import Names
from bot.usecases.notes import Notes, my_notes
from bot.usecases.overviews import Overviews
from bot.usecases.passages import Passages, area_passages, births_missing
from bot.usecases.people import People
from bot.usecases.people_import import PeopleImport
from bot.usecases.plan_sheets import PlanSheets
from bot.usecases.plans import Plans
from bot.usecases.ports import AnchorPlace, Asked, ChannelGuard, Clock, Messenger, RulesBook, Streams
from bot.usecases.posts import Posts
from bot.usecases.practice_cases import PracticeCases
from bot.usecases.readiness import Readiness
from bot.usecases.referrals import Referrals
from bot.usecases.reopening import Reopening
from bot.usecases.reports import Reports
from bot.usecases.retention import Retention
from bot.usecases.second_thoughts import SecondThoughts
from bot.usecases.sessions import Sessions
from bot.usecases.shut_out import SameToken, Token
from bot.usecases.slack_said import SlackSaid
from bot.usecases.stirring import Stirring
from bot.usecases.substitutes import Substitutes
from bot.usecases.sweeping import Sweeping
from bot.usecases.target_group import TargetGroup
from bot.usecases.tasks import Tasks
from bot.usecases.tools import Tools
from bot.usecases.trimming import Trimming
from bot.usecases.two_chairs import TwoChairs
from bot.usecases.urgent import Urgent
from bot.usecases.watchkeeping import Doctor, Watchkeeping
from bot.views import alarms as alarm_views
from bot.views import ballot as ballot_views
from bot.views import common
from bot.views import company as company_views
from bot.views import emergency as emergency_views
from bot.views import follow_up as follow_up_views
from bot.views import habits as habit_views
from bot.views import handover as handover_views
from bot.views import home as home_views
from bot.views import looks as looks_views
from bot.views import meeting as meeting_views
from bot.views import minutes as minutes_views
from bot.views import note as note_views
from bot.views import outbox as outbox_views
from bot.views import overview as overview_views
from bot.views import passage as passage_views
from bot.views import practice as practice_views
from bot.views import report as report_views
from bot.views import retention as retention_views
from bot.views import session as session_views
from bot.views import setup as setup_views
from bot.views import substitute as substitute_views
from bot.views import task as task_views
from bot.views import watch as watch_views
from bot.views.home import HomeView
from bot.views.notices import NoticeWords
from storage.canary import keys_fit
from storage.engine import Database
from storage.news import PeopleNews
from storage.sealing import KeyRing
from storage.server import demand_server
from storage.streams import Streams as StoredStreams
from storage.unit_of_work import Storage
from storage.upgrade import demand_fit

log = get_log()

HOME_PARTS: dict[str, tuple[HomePart, HomeView]] = {
    "alarms": (two_chairs.my_alarms, alarm_views.alarms_part),
    "admin": (setup.admin_desk, setup_views.admin_part),
    "pulse": (watchkeeping.pulse_part, watch_views.pulse_part),
    "unsent": (outbox.unsent, outbox_views.unsent_part),
    "queue": (my_queue, home_views.queue_part),
    "today": (todays.my_today, overview_views.today_part),
    "everyday": (everyday, home_views.everyday_part),
    "long_overdue": (todays.long_overdue, overview_views.long_overdue_part),
    "since": (habits.since_last, habit_views.since_part),
    "away_wishes": (absences.wishes_of_mine, substitute_views.wishes_part),
    "session": (sessions.running_meetings, session_views.home_part),
    "minutes": (minutes.waiting_minutes, minutes_views.home_part),
    "ballots": (ballot_facts.ballots_part, ballot_views.home_part),
    "tasks": (tasks.my_tasks, task_views.home_part),
    "desk": (agenda_facts.desk_part, meeting_views.desk),
    "wishes": (follow_ups.wishes_for_me, follow_up_views.wishes_part),
    "member": (agenda_facts.member_part, meeting_views.member),
    "practice": (practice_cases.my_practice, practice_views.home_part),
    "cases": (my_cases, home_views.cases_part),
    "standing": (substitutes.standing_in, substitute_views.standing_part),
    "along": (company.brought_along, company_views.home_part),
    "named": (absences.named_by, substitute_views.named_part),
    "coming": (handover_effect.coming_to_me, handover_views.coming_part),
    "births": (births_missing, passage_views.births_part),
    "area": (todays.my_area, overview_views.area_part),
    "not_taken": (handover_effect.not_taken_yet, handover_views.not_taken_part),
    "hands": (substitutes.leaders_hands, substitute_views.hands_part),
    "my_deputy": (absences.deputy_for_me, substitute_views.my_deputy_part),
    "deputies": (absences.may_allow, substitute_views.deputies_part),
    "head": (report_homes.area_figures, report_views.area_part),
    "watch": (looks.watch_part, looks_views.watch_part),
    "guard": (watchkeeping.guard_part, watch_views.guard_part),
    "emergencies": (emergencies.emergencies_part, emergency_views.part),
    "samples": (looks.samples_part, looks_views.samples_part),
    "retention": (retention.retention_part, retention_views.part),
    "frames": (report_homes.frame_figures, report_views.frames_part),
    "reports": (report_homes.my_reports, report_views.reports_part),
    "passages": (area_passages, passage_views.area_part),
    "notes": (my_notes, note_views.notes_part),
}
"""The parts of Home from the top: how its facts are found, and how it is drawn."""

TELLERS: dict[str, Teller] = {
    **cases.TELLERS,
    **anchorings.TELLERS,
    **advisory.TELLERS,
    **taking_off.TELLERS,
    **missing_again.TELLERS,
    **target_group.TELLERS,
    **referral_news.TELLERS,
    **adjustments.TELLERS,
    **people.TELLERS,
    **role_news.TELLERS,
    **absences.TELLERS,
    **substitutes.TELLERS,
    **handover_effect.TELLERS,
    **ready_news.TELLERS,
    **meetings.TELLERS,
    **ballot_facts.TELLERS,
    **calling.TELLERS,
    **minutes.TELLERS,
    **amendments.TELLERS,
    **frame_facts.TELLERS,
    **follow_ups.TELLERS,
    **gatherings.TELLERS,
    **retention.TELLERS,
    **looks.TELLERS,
    **emergencies.TELLERS,
    **journal_watch.TELLERS,
    **outbox.TELLERS,
    **unread.TELLERS,
    **item_questions.TELLERS,
    **briefings.TELLERS,
}

NO_NAMES = NameList()
KNOCK_SECONDS = 20.0
KNOCK_SECONDS_IN_SANDBOX = 0.5


@dataclass
class House:
    """The bot, put together. `office` is what can be asked of it; Slack is only needed to serve."""

    storage: Storage
    rules: RulesBook
    office: Office
    clock: Clock
    delivery: Delivery
    sweeping: Sweeping
    slack_said: SlackSaid
    tools: Tools
    settings: Settings | None = None
    directory: Directory | None = None
    client: Any = None
    quick: Any = None
    """For what somebody waits for: it gives up early."""
    slacks_clock: SlacksClock | None = None
    token: Token = field(default_factory=SameToken)
    wake: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def build(cls, settings: Settings) -> House:
        """Raises KeyUnfit, RulesUnfit, SettingsUnfit. Speaks with nobody yet."""
        database = Database(settings.database_url.get_secret_value())
        real = machine_now if database.is_sqlite else SharedTime(database.clock).now
        clock = SandboxClock(settings.clock_url, real=real) if settings.clock_url else MachineClock(real)
        slacks_clock = SlacksClock(machine_now)
        web, quick = (client_of(settings, seconds, slacks_clock.hear) for seconds in (PATIENT, QUICK))
        directory = Directory(quick, team=settings.team, news=PeopleNews(database))
        unhurried = Directory(web, team=settings.team, news=PeopleNews(database))
        wake = threading.Event()
        keys = KeyRing.read(settings.keys.get_secret_value())
        token = HeldToken(lambda said: keys.blind(said, purpose="slack token")[:MARK_BYTES].hex(), web, quick)
        house = put_together(
            database=database,
            keys=keys,
            rules_path=settings.rules or DEFAULT,
            clock=clock,
            messenger=SlackMessenger(web),
            guard=SlackChannelGuard(web, unhurried),
            first_administrator=settings.first_administrator,
            wake=wake,
            pace=PACE_SECONDS,
            anchor_places=(AnchorLog(), *(AnchorFile(f) for f in (settings.anchor_file,) if f)),
            streams=_streams(settings),
            public=settings.address,
            names=names_of(settings),
            doctor=lambda: check_up(settings),
            token=token,
        )
        house.token = token
        house.settings, house.directory, house.client, house.quick = settings, directory, web, quick
        house.slacks_clock = slacks_clock
        directory.heard = house.slack_said.hear
        return house

    def draw_home(self, person: Person, at: datetime, texts: Texts) -> dict[str, Any]:
        """A person's Home as it looks now. A case that cannot be read is not in it, and it says so at the top."""
        with about_request():
            home, left = self.office.apart.without_unreadable(lambda: self._home(person, at, texts), at=at)
            home["blocks"][2:2] = common.unread(texts, left)
            return home

    def _home(self, person: Person, at: datetime, texts: Texts) -> dict[str, Any]:
        if not person.has_any_role:
            asked = self.office.people.waits_for_access(person.id, at=at)
            return home_views.stranger_home(texts, asked=asked)
        facts = self.office.homes.of(Asked(person, at, "home"))
        views = {name: view for name, (_, view) in HOME_PARTS.items()}
        return home_views.home(facts, texts, self.rules.on(at.date()), views)

    def check_keys(self) -> None:
        """Raises WrongKeys when the database is sealed with another key than ours; before that ServerUnfit, and Behind or
        FromTheFuture.
        """
        demand_server(self.storage.database)
        demand_fit(self.storage.database)
        keys_fit(self.storage.database, self.storage.keys)

    def close(self) -> None:
        self.storage.database.close()


def _streams(settings: Settings) -> Streams:
    return StoredStreams(settings.database_url.get_secret_value())


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
    anchor_places: tuple[AnchorPlace, ...] = (),
    streams: Streams | None = None,
    token: Token | None = None,
    public: str | None = None,
    names: NameList = NO_NAMES,
    doctor: Doctor = tuple,
) -> House:
    """The house around given doors to the outside; tests give other doors."""
    chance = chance or MachineChance()
    wake = wake or threading.Event()
    rules = read_rules(rules_path)
    storage = Storage(
        database,
        keys=keys,
        new_id=chance.id,
        wake=wake.set,
        window=lambda day: rules.on(day).member_window,
    )
    tools = Tools(storage.open_work, storage.open_reading, storage.known, rules, chance, alias_words())
    office = make_office(
        tools,
        guard=guard,
        first_administrator=first_administrator,
        anchor_places=anchor_places,
        public=public,
        names=names,
        doctor=doctor,
    )
    streams = streams or StoredStreams(database.address)
    delivery = Delivery(
        tools,
        clock=clock,
        messenger=messenger,
        words=NoticeWords(rules, lambda: local_date(clock.now())),
        tellers=tellers(guard, rules),
        owner=f"{socket.gethostname()[:20]}-{secrets.token_hex(4)}",
        pace=pace,
        streams=streams,
        leave=office.people.leaves,
        token=token,
    )
    sweeping = Sweeping(tools, clock=clock, messenger=messenger, streams=streams)
    said = SlackSaid(tools, clock=clock, token=token)
    return House(storage, rules, office, clock, delivery, sweeping, said, tools, wake=wake)


def make_office(
    tools: Tools,
    *,
    guard: ChannelGuard,
    first_administrator: str | None,
    anchor_places: tuple[AnchorPlace, ...] = (),
    public: str | None = None,
    names: NameList = NO_NAMES,
    doctor: Doctor = tuple,
) -> Office:
    homes = Homes(tools)
    stand_ins = Substitutes(tools)
    people_desk = People(tools, first_administrator=first_administrator)
    desk = Meetings(tools)
    watch = JournalWatch(tools, places=anchor_places)
    homes.parts = {name: part for name, (part, _) in HOME_PARTS.items()}
    return Office(
        apart=Apart(tools),
        people=people_desk,
        absences=Absences(tools, stand_ins),
        substitutes=stand_ins,
        handovers=Handovers(tools),
        cases=Cases(tools),
        anchorings=Anchorings(tools),
        advisory=Advisory(tools),
        target_group=TargetGroup(tools),
        company=Company(tools),
        calling=Calling(tools),
        leader_conflicts=LeaderConflicts(tools),
        missing_again=MissingAgain(tools),
        in_force=InForceNow(tools),
        referrals=Referrals(tools),
        drafts=Drafts(tools, names=names),
        readiness=Readiness(tools),
        homes=homes,
        meetings=desk,
        setup=setup.Setup(tools, guard=guard, lay_out=desk.lay_out_due),
        conversation=Conversation(tools),
        names=Names(tools, names=names),
        notes=Notes(tools),
        counts=Counts(tools),
        reports=Reports(tools),
        agendas=Agendas(tools),
        posts=Posts(tools, guard=guard),
        emergencies=Emergencies(tools),
        looks=Looks(tools),
        retention=Retention(tools),
        journal_watch=watch,
        trimming=Trimming(tools, watch=watch),
        watchkeeping=Watchkeeping(tools, guard=guard, doctor=doctor),
        urgent=Urgent(tools, desk),
        ballots=Ballots(tools),
        calendars=Calendars(tools, public=public),
        plan_sheets=PlanSheets(tools),
        sessions=Sessions(tools),
        minutes=Minutes(tools),
        amendments=Amendments(tools),
        tasks=Tasks(tools),
        plans=Plans(tools),
        adjustments=Adjustments(tools),
        common_practice=CommonPractice(tools),
        frames=Frames(tools),
        follow_ups=FollowUps(tools),
        overviews=Overviews(tools),
        outbox=outbox.Outbox(tools),
        stirring=Stirring(tools),
        second_thoughts=SecondThoughts(tools),
        closings=Closings(tools),
        reopening=Reopening(tools),
        passages=Passages(tools),
        gatherings=Gatherings(tools),
        item_questions=ItemQuestions(tools),
        briefings=Briefings(tools),
        two_chairs=TwoChairs(tools),
        habits=Habits(tools),
        practice_cases=PracticeCases(tools),
        people_import=PeopleImport(tools, people_desk),
    )


def tellers(guard: ChannelGuard, rules: RulesBook) -> Mapping[str, Teller]:
    return {
        **TELLERS,
        **post_words.tellers(guard, rules),
        **agendas.tellers(rules),
        **follow_ups.tellers(rules),
        "reply": tell_reply(rules),
        **urgent.tellers(rules),
        **two_chairs.tellers(rules),
        **closing_news.tellers(rules),
        **overviews.tellers(rules),
    }
