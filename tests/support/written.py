"""A municipality that has said yes to written procedure, and an urgent item that is ready for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.presentation import CRITERIA, Presentation, State, Tick
from bot.rules import DEFAULT
from bot.usecases.referrals import Wish
from tests.support.office import OfficeTown
from tests.support.session import put, recommended


def rules_with_written(folder: Path) -> Path:
    """The default rules, with the one switch turned on."""
    path = folder / "regler.yaml"
    path.write_text(
        DEFAULT.read_text(encoding="utf-8").replace("written_procedure: false", "written_procedure: true"),
        encoding="utf-8",
    )
    return path


def urgent_and_ready(
    town: OfficeTown, *, own_view: str | None = "conversation", **changes: Any
) -> Presentation:
    """An urgent new case, referred and marked ready, on no agenda."""
    case = town.registered()
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    p = town.office.referrals.request(town.asked("Maja Holm"), case.id, wish)
    referred = town.office.referrals.refer(town.asked("Jens Toft"), p.id, collector=None, meeting_id=None)
    ticks = {"own_view": Tick("U0MAJA0001", town.clock.at, own_view)} if own_view else {}
    made = replace(
        referred,
        state=State.READY,
        ready_by="U0JENS0001",
        ready_at=town.clock.at,
        recommendation=recommended(town, **changes),
        ticks=ticks,
    )
    return put(town, made)
