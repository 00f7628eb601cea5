"""Three lines the committee reads before it decides again, and how the mandates stand; each line at most 140 characters."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.mandates import Lamp
from bot.usecases.memory import Memory
from bot.views import recommendation as rec
from bot.views.kit import cut

LINE = 140
IN_SHORT = frozenset({"progress", "measures", "frame", "handover"})
"""Points the list of *Gør klar* has longer words for."""


def memory_words(texts: Texts, rules: Rules, m: Memory) -> Said:
    """Decided, promised, happened: at most three lines, and only those there is something in."""
    lines = [_decided(texts, m), _promised(texts, rules, m), _happened(texts, m)]
    return joined("\n", [Said(cut(line, LINE), line.privacy) for line in lines if line is not None])


def lamp_words(texts: Texts, rules: Rules, lamp: Lamp) -> Said:
    """In words too: a colour never carries it alone."""
    areas = [rec.area(texts, rules, a) for a in lamp.missing]
    missing = rec.list_of(texts, areas) if areas else None
    return texts.say("memory", "lamp", yes=lamp.yes, count=len(areas), missing=missing)


def _decided(texts: Texts, m: Memory) -> Said:
    points = [texts.term("remembered" if p in IN_SHORT else "point", p) for p in m.points]
    listed = rec.list_of(texts, points) if points else None
    return texts.say("memory", "decided", day=m.decided_on, kind=m.kind, choice=m.choice, points=listed)


def _promised(texts: Texts, rules: Rules, m: Memory) -> Said | None:
    if not m.promises:
        return None
    said = [
        texts.say("memory", "promise", area=rec.area(texts, rules, p.area), done=p.done, all=p.done + p.open)
        for p in m.promises
    ]
    return texts.say("memory", "promised", areas=joined(", ", said))


def _happened(texts: Texts, m: Memory) -> Said | None:
    said = [texts.say("session", "goal_progress", goal=g, how=how) for g, how in m.progress.items()]
    if m.amount is not None:
        said.append(texts.say("memory", "used", used=m.used, amount=m.amount))
    return texts.say("memory", "happened", what=joined(", ", said)) if said else None
