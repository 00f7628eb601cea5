"""What a person or the clock can ask for; one method, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

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
from bot.usecases.conversation import Conversation
from bot.usecases.counts import Counts
from bot.usecases.drafts import Drafts
from bot.usecases.emergencies import Emergencies
from bot.usecases.follow_ups import FollowUps
from bot.usecases.frames import Frames
from bot.usecases.gatherings import Gatherings
from bot.usecases.habits import Habits
from bot.usecases.handovers import Handovers
from bot.usecases.homes import Homes
from bot.usecases.in_force import InForceNow
from bot.usecases.item_questions import ItemQuestions
from bot.usecases.journal_watch import JournalWatch
from bot.usecases.leader_conflicts import LeaderConflicts
from bot.usecases.looks import Looks
from bot.usecases.meetings import Meetings
from bot.usecases.minutes import Minutes
from bot.usecases.missing_again import MissingAgain
from bot.usecases.names import Names
from bot.usecases.notes import Notes
from bot.usecases.outbox import Outbox
from bot.usecases.overviews import Overviews
from bot.usecases.passages import Passages
from bot.usecases.people import People
from bot.usecases.people_import import PeopleImport
from bot.usecases.plan_sheets import PlanSheets
from bot.usecases.plans import Plans
from bot.usecases.posts import Posts
from bot.usecases.practice_cases import PracticeCases
from bot.usecases.readiness import Readiness
from bot.usecases.referrals import Referrals
from bot.usecases.reopening import Reopening
from bot.usecases.reports import Reports
from bot.usecases.retention import Retention
from bot.usecases.second_thoughts import SecondThoughts
from bot.usecases.sessions import Sessions
from bot.usecases.setup import Setup
from bot.usecases.stirring import Stirring
from bot.usecases.substitutes import Substitutes
from bot.usecases.target_group import TargetGroup
from bot.usecases.tasks import Tasks
from bot.usecases.trimming import Trimming
from bot.usecases.two_chairs import TwoChairs
from bot.usecases.urgent import Urgent
from bot.usecases.watchkeeping import Watchkeeping


@dataclass(frozen=True)
class Office:
    """All use cases in one typed bundle."""

    apart: Apart
    people: People
    absences: Absences
    substitutes: Substitutes
    handovers: Handovers
    cases: Cases
    anchorings: Anchorings
    advisory: Advisory
    target_group: TargetGroup
    company: Company
    calling: Calling
    leader_conflicts: LeaderConflicts
    missing_again: MissingAgain
    in_force: InForceNow
    referrals: Referrals
    drafts: Drafts
    readiness: Readiness
    homes: Homes
    meetings: Meetings
    agendas: Agendas
    posts: Posts
    retention: Retention
    looks: Looks
    emergencies: Emergencies
    journal_watch: JournalWatch
    trimming: Trimming
    watchkeeping: Watchkeeping
    urgent: Urgent
    ballots: Ballots
    calendars: Calendars
    plan_sheets: PlanSheets
    sessions: Sessions
    minutes: Minutes
    amendments: Amendments
    tasks: Tasks
    plans: Plans
    adjustments: Adjustments
    common_practice: CommonPractice
    setup: Setup
    conversation: Conversation
    names: Names
    notes: Notes
    counts: Counts
    reports: Reports
    frames: Frames
    follow_ups: FollowUps
    overviews: Overviews
    outbox: Outbox
    stirring: Stirring
    second_thoughts: SecondThoughts
    closings: Closings
    reopening: Reopening
    passages: Passages
    gatherings: Gatherings
    item_questions: ItemQuestions
    briefings: Briefings
    two_chairs: TwoChairs
    habits: Habits
    practice_cases: PracticeCases
    people_import: PeopleImport
