"""What a person or the clock can ask for; one method, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.agendas import Agendas
from bot.usecases.cases import Cases
from bot.usecases.conversation import Conversation
from bot.usecases.drafts import Drafts
from bot.usecases.follow_ups import FollowUps
from bot.usecases.frames import Frames
from bot.usecases.homes import Homes
from bot.usecases.meetings import Meetings
from bot.usecases.minutes import Minutes
from bot.usecases.notes import Notes
from bot.usecases.overviews import Overviews
from bot.usecases.people import People
from bot.usecases.posts import Posts
from bot.usecases.readiness import Readiness
from bot.usecases.referrals import Referrals
from bot.usecases.sessions import Sessions
from bot.usecases.setup import Setup
from bot.usecases.stirring import Stirring
from bot.usecases.tasks import Tasks
from bot.usecases.urgent import Urgent


@dataclass(frozen=True)
class Office:
    """All use cases in one typed bundle."""

    people: People
    cases: Cases
    referrals: Referrals
    drafts: Drafts
    readiness: Readiness
    homes: Homes
    meetings: Meetings
    agendas: Agendas
    posts: Posts
    urgent: Urgent
    sessions: Sessions
    minutes: Minutes
    tasks: Tasks
    setup: Setup
    conversation: Conversation
    notes: Notes
    frames: Frames
    follow_ups: FollowUps
    overviews: Overviews
    stirring: Stirring
