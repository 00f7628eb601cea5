"""What people choose among by a code: reasons, roles, answers. The rules file owns each list (D8).

A code is never renamed: old answers are read by it. The words of those known here stand in `bot/texts`; a municipality
adds its own codes with its own words. What was left out is offered no more, and can be read for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from bot.domain.closing import MET
from bot.domain.contacts import CONTACT_ROLES, GROUP_ROLES

INFO_MISSING, MANDATE_MISSING, NO_TIME = "info_missing", "mandate_missing", "time"
"""Why an item was put off, where the program says so itself (T12, R013, A7)."""
SPECIAL_NEED, SMALL_NEED = "special_need", "small_need"
"""Why a frame is above or below the usual range, where the program proposes it (R061)."""
OTHER = "other"
"""»Andet«: what a form says that was sent without a reason."""
NO_ITEMS = "no_items"
"""A meeting is called off because nothing stands on its agenda; offered for an empty one only."""


def _list(*codes: str, words: str, needs: tuple[str, ...] = (), grows: bool = True) -> Any:
    """`words`: the group its words stand in. `needs`: codes the program uses itself. `grows`: others can be added."""
    return field(default=codes, metadata={"words": words, "needs": needs, "grows": grows})


@dataclass(frozen=True)
class Choices:
    """The codes in the order they are shown. The defaults are every code there are words for."""

    assessors: tuple[str, ...] = _list(
        "caseworker", "leader", "psychologist", "school", words="assessor"
    )  # R038
    no_plan: tuple[str, ...] = _list(
        "one_area_enough", "other_plan_enough", "disturbs", "moving", OTHER, words="no_plan"
    )  # R037
    exemption: tuple[str, ...] = _list(
        "may_change", "near_goal", "assessed_otherwise", OTHER, words="exemption"
    )  # R035
    urgent: tuple[str, ...] = _list(
        "housing", "safety", "stopping", "legal_deadline", OTHER, words="urgent"
    )  # D32
    wait: tuple[str, ...] = _list("area_acts", "meeting_soon", INFO_MISSING, OTHER, words="wait")  # D32
    missing: tuple[str, ...] = _list(
        *("own_view", "consent", "area_status", "statutory_plans", "criteria_reason", OTHER), words="missing"
    )  # R019, T05
    decline: tuple[str, ...] = _list(
        "one_area_enough", "not_complex", "no_perspective", "other_offer", OTHER, words="decline"
    )  # R019, T06
    cancel_case: tuple[str, ...] = _list(
        "registered_twice", "wrong_number", "wrong_area", "not_meant", OTHER, words="cancel_case"
    )  # T02
    withdraw: tuple[str, ...] = _list(
        "solved", "wrong_case", "not_now", "wish_of_the_young", OTHER, words="withdraw"
    )  # T14
    postpone: tuple[str, ...] = _list(
        *(INFO_MISSING, MANDATE_MISSING, NO_TIME, "wants_to_attend", OTHER),
        words="postpone",
        needs=(INFO_MISSING, MANDATE_MISSING, NO_TIME),
    )  # T12, R022
    out_of_scope: tuple[str, ...] = _list(
        "not_complex", "no_perspective", "one_area_enough", OTHER, words="scope"
    )  # T16
    participation: tuple[str, ...] = _list(
        "not_reached", "too_ill", "no_time", "in_case_system", words="participation_reason"
    )  # R047
    adopted_from: tuple[str, ...] = _list(
        *("three_way", "advisory_meeting", "background_group", "area", "political", OTHER), words="adopt"
    )  # R143
    frame: tuple[str, ...] = _list(
        SPECIAL_NEED, SMALL_NEED, OTHER, words="frame_reason", needs=(SPECIAL_NEED, SMALL_NEED)
    )  # R061
    new_frame: tuple[str, ...] = _list(
        "used_up", "new_need", "longer", OTHER, words="new_frame_reason", needs=(OTHER,)
    )  # T20
    correction: tuple[str, ...] = _list(
        *("wrong_case", "wrong_amount", "wrong_purpose", "not_spent", OTHER),
        words="correction",
        needs=(OTHER,),
    )  # T19
    move: tuple[str, ...] = _list(
        "holiday", "illness", "wants_to_attend", "waiting", OTHER, words="move_reason", needs=(OTHER,)
    )  # T21, D10
    change_caseworker: tuple[str, ...] = _list(
        *("left_job", "long_absence", "workload", "trust", "young_persons_wish", OTHER),
        words="change_reason",
        needs=(OTHER,),
    )  # R056, T24
    anchor: tuple[str, ...] = _list(
        *(
            "most_vulnerable",
            "light_needs",
            "social_support",
            "own_wish",
            "continuity",
            "handover_planned",
            OTHER,
        ),
        words="anchor_reason",
    )  # R083
    aside: tuple[str, ...] = _list(
        "own_assessment", "law", "economy", "own_wish", OTHER, words="aside"
    )  # R107
    cancel_meeting: tuple[str, ...] = _list(
        NO_ITEMS, "illness", "holiday", OTHER, words="cancel", needs=(NO_ITEMS, OTHER)
    )
    item_questions: tuple[str, ...] = _list(
        *("area_status", "tried_before", "own_view", "price", "law", "alternatives", "call_me"),
        words="item_question",
    )  # R125
    item_answers: tuple[str, ...] = _list(
        "yes", "no", "in_the_case_system", "added_now", "at_the_meeting", "i_call", words="item_answer"
    )
    group_roles: tuple[str, ...] = _list(*GROUP_ROLES, words="contact_role", grows=False)  # R067
    contact_roles: tuple[str, ...] = _list(*CONTACT_ROLES, words="contact_role")  # R109-R111
    gatherings: tuple[str, ...] = _list("three_way", "advisory", words="gathering", grows=False)  # R104, R107
    participants: tuple[str, ...] = _list(
        *("citizen", "parents", "caseworker", "other_area", "school", "company", "treatment"),
        words="participant",
    )  # R104
    gathering_outcomes: tuple[str, ...] = _list(
        "agreed", "more_needed", "to_committee", "not_held", words="gathering_outcome"
    )  # R104
    advice_questions: tuple[str, ...] = _list(
        "what_help", "target_group", "who_pays", "how_together", "special_knowledge", words="advice_question"
    )  # R118
    advice_answers: tuple[str, ...] = _list(
        "we_can_help", "not_ours", "let_us_meet", "more_needed", "in_the_case_system", words="advice_answer"
    )  # R118
    closing: tuple[str, ...] = _list(
        *MET, "moved", "dead", "consent_withdrawn", "other_municipality", words="closing"
    )  # R071; all but the three criteria end the case for another reason
    support: tuple[str, ...] = _list("personal", "social", words="support")  # R072, T29
    reopen: tuple[str, ...] = _list(
        "did_not_hold", "new_need", "moved_back", "consent_again", OTHER, words="reopen"
    )  # T30
    hold: tuple[str, ...] = _list("complaint", "access_request", "lawsuit", OTHER, words="hold")  # T31

    @property
    def criteria(self) -> tuple[str, ...]:
        """Those of the three criteria that are in use; support can go on though one of them is met (R072)."""
        return tuple(code for code in self.closing if code in MET)


@dataclass(frozen=True)
class OwnWord:
    """A code a municipality added to a list, and how it is read; `group` is where its words stand."""

    group: str
    code: str
    da: str
    en: str


_LISTS = fields(Choices)
KNOWN: dict[str, tuple[str, ...]] = {f.name: f.default for f in _LISTS}  # type: ignore[misc]
"""Per list, the codes there are words for already."""
WORDS: dict[str, str] = {f.name: f.metadata["words"] for f in _LISTS}
NEEDED: dict[str, tuple[str, ...]] = {f.name: f.metadata["needs"] for f in _LISTS}
CLOSED = frozenset(f.name for f in _LISTS if not f.metadata["grows"])
"""Lists that can only be shortened: more follows from each code than its words."""
