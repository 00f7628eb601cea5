"""»Prøvefugl« as its owner sees it: the real forms and messages, each marked ØVELSE, with one way on (D43)."""

from __future__ import annotations

from bot.domain.alias import AliasWord
from bot.domain.calendar import local_date
from bot.domain.people import Person
from bot.domain.practice import ALIAS, LIVES, Practice, Step
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases import practice_cases as play
from bot.views import case, closing, follow_up, frame, minutes, ready, referral
from bot.views.kit import Button, Json, Page, Surface

GO = "practice.go"
LAST = len(Step)


def step_view(texts: Texts, rules: Rules, practice: Practice, person: Person, *, meta: str) -> Json:
    """The real view of where the practice case is, without the buttons that would reach others."""
    if practice.step == Step.DONE:
        return _done(texts, practice)
    real = _REAL[practice.step](texts, rules, practice, person)
    submit = texts.say("practice", f"submit_{practice.step}")
    title = texts.say("practice", "title")
    shown = Page(Surface.MODAL)
    shown.context(texts.say("practice", "mark", number=practice.number, last=LAST))
    shown.section(texts.say("practice", f"step_{practice.step}", day=practice.day))
    view = shown.modal(
        title=title, callback=GO, submit=submit, close=texts.say("practice", "later"), meta=meta
    )
    return {**view, "blocks": [*view["blocks"], *_without_doors(real["blocks"])]}


def _without_doors(blocks: list[Json]) -> list[Json]:
    """Forms keep their fields; what would open something real is left out, and no field asks on its own."""
    kept = []
    for number, block in enumerate(blocks):
        if block["type"] == "actions":
            continue
        plain = {k: v for k, v in block.items() if k not in ("accessory", "dispatch_action")}
        if block["type"] != "input":
            plain["block_id"] = f"real{number}"
        kept.append(plain)
    return kept


def _done(texts: Texts, practice: Practice) -> Json:
    page = Page(Surface.MODAL)
    page.context(texts.say("practice", "mark", number=practice.number, last=LAST))
    page.section(texts.say("practice", "step_done", gone=local_date(practice.begun_at + LIVES)))
    return page.modal(
        title=texts.say("practice", "title"), callback="practice.done", close=texts.say("common", "done")
    )


def _register(texts: Texts, rules: Rules, _practice: Practice, person: Person) -> Json:
    word = AliasWord(ALIAS, "birds")
    areas = (person.home_area,) if person.home_area else ()
    held = {"reference": str(texts.say("practice", "number"))}
    return case.new_form(texts, rules, [word], meta="", areas=areas, held=held)


def _request(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return referral.request_form(texts, rules, play.line_of(practice, person), meta="", just_created=True)


def _refer(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return referral.to_leader(play.request_of(practice, person, rules), texts)


def _ready(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return ready.page(texts, play.readiness_of(practice, person, rules), meta="")


def _decided(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return minutes.one_decided(play.decided_of(practice, person, rules), texts, rules)


def _frame(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return frame.use_form(texts, rules, play.use_of(practice, person, rules), meta="", held={"amount": "450"})


def _spent(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return frame.receipt(texts, rules, play.receipt_of(practice, person, rules))


def _follow_up(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return follow_up.ready_form(texts, rules, play.follow_up_of(practice, person, rules), meta="")


def _closing(texts: Texts, rules: Rules, practice: Practice, person: Person) -> Json:
    return closing.form(texts, rules, play.closing_of(practice, person), meta="")


_REAL = {
    Step.REGISTER: _register,
    Step.REQUEST: _request,
    Step.REFER: _refer,
    Step.READY: _ready,
    Step.DECIDED: _decided,
    Step.FRAME: _frame,
    Step.SPENT: _spent,
    Step.FOLLOW_UP: _follow_up,
    Step.CLOSING: _closing,
}


def start_button(texts: Texts, *, style: str | None = None) -> Button:
    return Button(texts.say("practice", "start"), "practice.open", style=style)


def home_part(page: Page, texts: Texts, _rules: Rules, practice: Practice) -> None:
    said: Said = texts.say("practice", "in_home", number=practice.number, last=LAST)
    page.section(said, button=Button(texts.say("practice", "go_on"), "practice.open"))
