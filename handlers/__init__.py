"""What the bot hears: one desk per noun. This is the table of contents."""

from __future__ import annotations

from typing import Any

from bot.slack.directory import Directory
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from handlers.advisory import AdvisoryDesk
from handlers.agendas import AgendaDesk
from handlers.alarms import AlarmDesk
from handlers.amendments import AmendmentDesk
from handlers.anchorings import AnchoringDesk
from handlers.ballots import BallotDesk
from handlers.calendars import CalendarDesk
from handlers.cases import CaseDesk
from handlers.closings import ClosingDesk
from handlers.common_practice import CommonPracticeDesk
from handlers.company import CompanyDesk
from handlers.desk import MeetingDesk
from handlers.emergencies import EmergencyDesk
from handlers.follow_ups import FollowUpDesk
from handlers.frames import FrameDesk
from handlers.gatherings import GatheringDesk
from handlers.handovers import HandoverDesk
from handlers.hints import hinted
from handlers.home import HomeDesk
from handlers.in_force import InForceDesk
from handlers.item_questions import ItemQuestionDesk
from handlers.looks import LookDesk
from handlers.messages import MessageDesk
from handlers.minutes import MinutesDesk
from handlers.notes import NoteDesk
from handlers.passages import PassageDesk
from handlers.plans import PlanDesk
from handlers.practice import PracticeDesk
from handlers.readiness import ReadinessDesk
from handlers.referrals import ReferralDesk
from handlers.reports import ReportDesk
from handlers.retention import RetentionDesk
from handlers.second_thoughts import SecondThoughtDesk
from handlers.sessions import SessionDesk
from handlers.settings import SettingsDesk
from handlers.setup import SetupDesk
from handlers.substitutes import SubstituteDesk
from handlers.target_group import TargetGroupDesk
from handlers.tasks import TaskDesk


def table(office: Office, rules: RulesBook, directory: Directory) -> dict[str, Any]:
    """Every command, form, press and event we know -> the method that answers it. A key stands once."""
    whole: dict[str, Any] = {}
    plans = PlanDesk(office, rules)
    cases = CaseDesk(office, rules, adjust=plans.by_name, must=plans.helper)
    agendas = AgendaDesk(office, rules, directory)
    frames = FrameDesk(office, rules)
    follow_ups = FollowUpDesk(office, rules)
    closings = ClosingDesk(office, rules)
    ready = ReadinessDesk(office, rules, follow_up_form=follow_ups.form, closing_form=closings.form)
    desks = (
        cases,
        AnchoringDesk(office, rules),
        AdvisoryDesk(office, rules),
        TargetGroupDesk(office, rules, pages={"case.page": cases.page, "ready.page": ready.page}),
        CompanyDesk(office),
        frames,
        follow_ups,
        ReferralDesk(office, rules, cases),
        ready,
        HomeDesk(office, directory),
        SetupDesk(office, rules, directory),
        SettingsDesk(office, lambda: whole),
        MessageDesk(office, rules, frames),
        NoteDesk(office, rules),
        agendas,
        MeetingDesk(office, rules, agendas),
        BallotDesk(office, rules),
        CalendarDesk(office),
        SessionDesk(office, rules),
        MinutesDesk(office, rules),
        AmendmentDesk(office, rules),
        TaskDesk(office, rules),
        SecondThoughtDesk(office),
        ReportDesk(office, rules),
        RetentionDesk(office, rules),
        LookDesk(office),
        InForceDesk(office),
        EmergencyDesk(office, page=cases.page),
        plans,
        CommonPracticeDesk(office, rules),
        closings,
        PassageDesk(office, rules),
        GatheringDesk(office, rules),
        ItemQuestionDesk(office, rules),
        AlarmDesk(office, rules),
        SubstituteDesk(office),
        HandoverDesk(office, rules),
        PracticeDesk(office, rules),
    )
    for desk in desks:
        for key, method in desk.table().items():
            assert key not in whole, f"two desks answer {key}"
            whole[key] = hinted(office, key, method)
    return whole
