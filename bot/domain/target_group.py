"""Whom the committee is for: the exclusion nobody computes, and a joint plan that somebody has said no to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.case import AgeBand, Case, Stage
from bot.domain.errors import Refusal
from bot.domain.rules import Rules

"""Why the committee is asked to take a case in all the same (R035)."""

OWN_CHOICE = "own_choice"
"""An adult's own no (R036)."""


class ObviouslyExcluded(Refusal):
    """Obviously without prospect of education or work: not referred, unless the committee is asked, with a reason."""

    default_field = "exemption"


class ExemptionForNothing(Refusal):
    """An exemption is asked for, and nothing is excluded."""

    default_field = "exemption"


class AnchoredElsewhere(Refusal):
    """Adults are in the target group while they stay anchored in the home area (R043); facts: area."""

    default_field = "criteria"


class TeensLeftOut(Refusal):
    """The municipality includes nobody under 18 (R038); facts: age, the first that is included."""

    default_field = "criteria"


class NoPlanReasonMissing(Refusal):
    """A joint plan is the rule for the young; that it makes no sense has a reason (R037)."""

    default_field = "reason"


class ChoiceAhead(Refusal):
    """The day of an adult's choice has not come yet."""

    default_field = "on"


class ConsentNotGiven(Refusal):
    """An adult's plan is neither decided nor shared across areas before the adult has said yes (R036, X11)."""

    default_field = "choice"


class ConsentThere(Refusal):
    """Nothing is missing: the adult has said yes, or nobody has to be asked; facts: on."""

    default_field = "on"


class PlanRefused(Refusal):
    """The adult has said no to a joint plan; facts: on."""

    default_field = "consent"


def check_exclusion(excluded: bool, exemption: str | None, *, reasons: tuple[str, ...]) -> str | None:
    """The reason (one of `reasons`) the committee is asked with; None for a case nothing excludes. Raises ObviouslyExcluded (R035)."""
    if excluded and exemption not in reasons:
        raise ObviouslyExcluded
    if exemption and not excluded:
        raise ExemptionForNothing
    return exemption


def check_band(rules: Rules, case: Case, band: AgeBand) -> None:
    """Those of 15 to 17, where they are included; adults, where they are anchored in the home area and have a perspective,
    which the criteria ask. Raises TeensLeftOut, AnchoredElsewhere.
    """
    if band == AgeBand.TEENS and not rules.target_group.teens:  # R038
        raise TeensLeftOut(age=rules.ages.youth)
    home = rules.anchoring.in_force.home
    if band == AgeBand.ADULT and case.area != home:  # R043
        raise AnchoredElsewhere(area=rules.area(home))


def expect_consent(case: Case, *, field: str) -> None:
    if case.consent_missing:  # X11
        raise ConsentNotGiven(field=field)


def consented(case: Case, on: date | None, *, today: date) -> Case:
    """The yes that was missing, on the day it was given. Raises ConsentThere, ChoiceAhead."""
    if not case.consent_missing:
        raise ConsentThere(on=case.plan_choice_on)
    if on is None or on > today:
        raise ChoiceAhead
    return with_plan(case, on)


def with_plan(case: Case, on: date | None) -> Case:
    """An adult has said yes to a joint plan (R036)."""
    return replace(case, plan_choice="yes", plan_choice_on=on)


def without_plan(case: Case, *, reason: str | None, on: date, today: date, reasons: tuple[str, ...]) -> Case:
    """The plan track ends, the help does not: the area the case is anchored in goes on by itself (R036, R037).

    `reasons` are those of the young. Raises IllegalMove, NoPlanReasonMissing, ChoiceAhead.
    """
    if on > today:
        raise ChoiceAhead
    allowed = (OWN_CHOICE,) if case.band_now == AgeBand.ADULT else reasons
    if reason not in allowed:  # R037
        raise NoPlanReasonMissing
    return replace(case.moved(Stage.NOT_REFERRED), plan_choice="no", plan_choice_on=on, no_plan_reason=reason)
