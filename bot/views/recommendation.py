"""A recommendation, or what was decided, as numbered sentences composed from codes, amounts and dates (D16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.decision import points_of
from bot.domain.people import AreaCode
from bot.domain.presentation import Kind, Recommendation
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.texts.formats import listed

Sentence = Callable[[], Said]


def numbered_points(
    texts: Texts, rules: Rules, kind: Kind, r: Recommendation, names: Mapping[str, str]
) -> list[Said]:
    """»Indstilling«, a point a line (A7)."""
    said: dict[str, Sentence] = {
        "plan": lambda: texts.say("session", "rec_plan", goals=goals(texts, r.goals)),
        "measures": lambda: texts.say("session", "rec_measures", measures=measures(texts, rules, r)),
        "caseworker": lambda: texts.say(
            "session",
            "rec_caseworker",
            name=names.get(r.caseworker or "", "?"),
            yes=r.caseworker_said_yes_at is not None,
        ),
        **continuity(texts, rules, r),
        "frame": lambda: _frame(texts, rules, r),
        "stops": lambda: texts.say("session", "rec_stops", measures=stops(texts, rules, r)),
        "keep_frame": lambda: frame_goes_on(texts, rules, r, "session", "rec_keep_frame"),
        "follow_up": lambda: texts.say("session", "rec_follow_up", day=r.follow_up_on),
        "progress": lambda: texts.say("session", "rec_progress", goals=progress(texts, r)),
        "outcome": lambda: texts.say("session", "rec_outcome", outcome=r.outcome),
        "closing": lambda: texts.say("session", "rec_closing", closing=r.closing),
        "support": lambda: texts.say("session", "rec_support", closing=r.closing, reason=r.support_reason),
    }
    return numbered(texts, "session", "numbered", [said[code]() for code in points_of(kind, r)])


def continuity(texts: Texts, rules: Rules, r: Recommendation) -> dict[str, Sentence]:
    """When a case is handed over, and a background group in roles (T24, T27)."""
    return {
        "handover": lambda: texts.say(
            "handover", "rec_handover", day=r.handover_on, reason=r.change_reason, overlap=r.overlap_days
        ),
        "group": lambda: texts.say("handover", "rec_group", members=members(texts, rules, r)),
        "group_ends": lambda: texts.say("handover", "rec_group_ends"),
    }


def members(texts: Texts, rules: Rules, r: Recommendation) -> Said:
    said = [texts.say("handover", "contact", role=c.role, area=area(texts, rules, c.area)) for c in r.group]
    return list_of(texts, said)


def numbered(texts: Texts, view: str, block: str, sentences: list[Said]) -> list[Said]:
    return [texts.say(view, block, number=n, said=s) for n, s in enumerate(sentences, start=1)]


def goals(texts: Texts, codes: tuple[str, ...]) -> Said:
    return list_of(texts, [texts.term("goal", c) for c in codes])


def measures(texts: Texts, rules: Rules, r: Recommendation) -> Said:
    said = [
        texts.say("session", "measure", measure=rules.measure(m.code), area=area(texts, rules, m.area))
        for m in r.measures
    ]
    return list_of(texts, said)


def stops(texts: Texts, rules: Rules, r: Recommendation) -> Said:
    """What ends, and whose it is."""
    said = [
        texts.say("session", "measure", measure=rules.measure(s.code), area=area(texts, rules, s.area))
        for s in r.stops
    ]
    return list_of(texts, said)


def frame_goes_on(texts: Texts, rules: Rules, r: Recommendation, view: str, block: str) -> Said:
    """The open frame stands; another area may pay from now on (R108)."""
    return texts.say(view, block, payer=area(texts, rules, r.payer) if r.payer else None)


def progress(texts: Texts, r: Recommendation) -> Said:
    said = [texts.say("session", "goal_progress", goal=g, how=how) for g, how in r.progress.items()]
    return joined(", ", said)


def purposes(texts: Texts, rules: Rules, codes: tuple[str, ...]) -> Said:
    return list_of(texts, [texts.named(rules.purpose(c)) for c in codes])


def area(texts: Texts, rules: Rules, code: AreaCode) -> Said:
    return texts.named(rules.area(code))


def list_of(texts: Texts, parts: list[Said]) -> Said:
    """»a, b og c«, as private as the most private of them."""
    return Said(listed(parts, texts.language), joined("", parts).privacy)


def _frame(texts: Texts, rules: Rules, r: Recommendation) -> Said:
    if r.frame is None or not r.frame.amount:
        return texts.say("session", "rec_no_frame")
    return texts.say(
        "session",
        "rec_frame",
        amount=r.frame.amount,
        purposes=purposes(texts, rules, r.frame.purposes),
        payer=area(texts, rules, r.frame.payer),
    )
