"""What the bot hears: one desk per noun. This is the table of contents."""

from __future__ import annotations

from typing import Any

from bot.slack.directory import Directory
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from handlers.agendas import AgendaDesk
from handlers.cases import CaseDesk
from handlers.desk import MeetingDesk
from handlers.follow_ups import FollowUpDesk
from handlers.frames import FrameDesk
from handlers.home import HomeDesk
from handlers.messages import MessageDesk
from handlers.minutes import MinutesDesk
from handlers.notes import NoteDesk
from handlers.readiness import ReadinessDesk
from handlers.referrals import ReferralDesk
from handlers.sessions import SessionDesk
from handlers.settings import SettingsDesk
from handlers.setup import SetupDesk
from handlers.tasks import TaskDesk


def table(office: Office, rules: RulesBook, directory: Directory) -> dict[str, Any]:
    """Every command, form, press and event we know -> the method that answers it. A key stands once."""
    whole: dict[str, Any] = {}
    cases = CaseDesk(office, rules)
    agendas = AgendaDesk(office, rules, directory)
    follow_ups = FollowUpDesk(office, rules)
    desks = (
        cases,
        FrameDesk(office, rules),
        follow_ups,
        ReferralDesk(office, rules, cases),
        ReadinessDesk(office, rules, follow_up_form=follow_ups.form),
        HomeDesk(office, directory),
        SetupDesk(office, rules, directory),
        SettingsDesk(office, lambda: whole),
        MessageDesk(office),
        NoteDesk(office, rules),
        agendas,
        MeetingDesk(office, rules, agendas),
        SessionDesk(office, rules),
        MinutesDesk(office, rules),
        TaskDesk(office, rules),
    )
    for desk in desks:
        for key, method in desk.table().items():
            assert key not in whole, f"two desks answer {key}"
            whole[key] = method
    return whole
