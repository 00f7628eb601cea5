"""How a person in the demo town comes to each form: who, and what they press or type, one after the other."""

from __future__ import annotations

from handlers.keeping import kept_as
from tests.support.hands import Hands, Json

FORMS: dict[str, tuple[str, str]] = {
    "adjust.save": ("U0MAJA0001", "case.open > plan.open > adjust.open"),
    "advice.ask": ("U0MAJA0001", "case.open > advice.ask"),
    "agenda.conflict": ("U0ALI00001", "agenda.conflict"),
    "anchor.assess": ("U0MAJA0001", "case.open > anchor.open"),
    "away.save": ("U0MAJA0001", "settings.open > away.open"),
    "case.new": ("U0MAJA0001", "case.new"),
    "case.reference": ("U0GRETHE01", "case.open > case.reference"),
    "case.undo": ("U0ALI00001", "case.open > case.undo"),
    "change.save": ("U0MAJA0001", "case.open > contacts.open > change.open"),
    "channel.save": ("U0BO000001", "channel.open"),
    "closing.ask": ("U0MAJA0001", "case.open > closing.ask"),
    "committee.save": ("U0BO000001", "committee.open"),
    "company.save": ("U0MAJA0001", "case.open > company.open"),
    "contacts.save": ("U0MAJA0001", "case.open > contacts.open > contacts.edit"),
    "deputies.save": ("U0BO000001", "deputies.open"),
    "desk.add": ("U0HENRIK01", "desk.add"),
    "desk.cancel": ("U0HENRIK01", "desk.cancel"),
    "desk.extra": ("U0HENRIK01", "desk.extra"),
    "desk.move": ("U0HENRIK01", "desk.move"),
    "emergency.open": ("U0MAJA0001", "/sag nødadgang"),
    "follow_up.move": ("U0MAJA0001", "follow_up.move"),
    "follow_up.ready": ("U0MAJA0001", "follow_up.open"),
    "frame.pick": ("U0MAJA0001", "frame.open"),
    "frame.form": ("U0MAJA0001", "case.open > frame.open"),
    "gathering.plan": ("U0MAJA0001", "case.open > gathering.plan"),
    "group.save": ("U0MAJA0001", "case.open > contacts.open > group.open"),
    "mark.set": ("U0MAJA0001", "case.open > mark.open"),
    "must.ask": ("U0MAJA0001", "must.open"),
    "note.list": ("U0MAJA0001", "note.list"),
    "passage.add": ("U0MAJA0001", "case.open > passage.add"),
    "passage.tick": ("U0TINE0001", "passage.open"),
    "plan.document": ("U0MAJA0001", "case.open > plan.open > plan.document"),
    "praxis.write": ("U0HENRIK01", "desk.preview > praxis.open > praxis.write"),
    "ready.agreement": ("U0ALI00001", "ready.open > ready.group"),
    "ready.areas": ("U0ALI00001", "ready.open > ready.group"),
    "ready.plan": ("U0ALI00001", "ready.open > ready.group"),
    "desk.minutes": ("U0HENRIK01", "desk.open > desk.item minutes:"),
    "desk.off": ("U0HENRIK01", "desk.open > desk.item off:"),
    "desk.to": ("U0HENRIK01", "desk.open > desk.item to:"),
    "plan.start": ("U0MORTEN01", "case.open > plan.open > plan.start"),
    "ready.missing": ("U0HENRIK01", "agenda.item > ready.missing"),
    "ready.person": ("U0ALI00001", "ready.open > ready.group"),
    "referral.answer": ("U0PETER001", "referral.answer"),
    "referral.decline": ("U0JENS0001", "referral.decline"),
    "referral.pick": ("U0MAJA0001", "/henvis"),
    "referral.refer": ("U0JENS0001", "referral.refer"),
    "referral.request": ("U0MAJA0001", "referral.open"),
    "referral.return": ("U0JENS0001", "referral.return"),
    "retention.hold": ("U0DITTE001", "retention.open > retention.hold"),
    "roles.give": ("U0BO000001", "roles.open"),
    "roster.seat": ("U0BO000001", "roster.open > roster.add"),
    "settings.save": ("U0MAJA0001", "settings.open"),
    "sick.save": ("U0JENS0001", "sick.open"),
    "substitute.save": ("U0JENS0001", "case.open > substitute.open"),
    "task.save": ("U0HENRIK01", "task.open"),
}


def opens(hands: Hands, form: str) -> bool:
    """Whether the way led to the form: where several buttons are alike, each is tried, and the right one remembered."""
    first, *rest = FORMS[form][1].split(" > ")
    hands.stack = []
    if form in hands.ways:
        for action, value in hands.ways[form]:
            hands.presses(action, value, inside=bool(hands.stack))
        return _is(hands, form)
    if first.startswith("/"):
        hands.types(*first.split(" ", 1))
        return _goes(hands, form, rest)
    if not hands.home:
        hands.visits_home()
    return _tries(hands, form, hands.home, [first, *rest])


def _goes(hands: Hands, form: str, rest: list[str]) -> bool:
    return _tries(hands, form, hands.form, rest) if rest and hands.stack else _is(hands, form)


def _tries(hands: Hands, form: str, view: Json, way: list[str]) -> bool:
    action, stack = way[0].partition(" ")[0], list(hands.stack)
    for value in _values(view, way[0]):
        hands.stack = list(stack)
        hands.presses(action, value, inside=bool(stack))
        if _goes(hands, form, way[1:]):
            hands.ways[form] = [(action, value), *hands.ways.get(form, [])]
            return True
    return False


def _is(hands: Hands, form: str) -> bool:
    return bool(hands.stack) and (kept_as(hands.form) or ("",))[0] == form


def _values(view: Json, step: str) -> list[str]:
    """What the buttons of this name stand for, from the top; after it, what their value begins on."""
    (action, _, begins), found = step.partition(" "), list[str]()
    for block in view.get("blocks", []):
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if element.get("action_id") == action:
                found += [o["value"] for o in element.get("options", ())] or [element.get("value", "x")]
    return [value for value in found if value.startswith(begins)]
