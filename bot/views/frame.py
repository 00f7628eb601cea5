"""The frame as people see it: the form, the receipt, the ways out, and the frame on one page (A8)."""

from __future__ import annotations

from datetime import date

from bot.domain.frame import Entry, EntryKind, FrameExceeded
from bot.domain.money import Kroner
from bot.domain.rules import Rules
from bot.texts import Said, Texts, alias_and_key, joined
from bot.usecases.cases import CaseLine
from bot.usecases.frame_facts import (
    EntryLine,
    FrameView,
    MarkTold,
    NewFrameTold,
    OldCorrectionTold,
    Receipt,
    UseForm,
)
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    date_picker,
    radio,
    select,
    text_field,
)
from bot.views.referral import offered

MOST_AMOUNT = 20
ENTRIES_SHOWN = 8

Held = dict[str, str]
"""What is filled in already: amount, purpose, kind, spent_on, period_until."""


def pick_form(texts: Texts, cases: list[CaseLine], *, meta: str) -> Json:
    """Which of my cases; the one used last is chosen already."""
    page = Page(Surface.MODAL)
    choices = [
        Choice(alias_and_key(c.alias, c.key), c.id, texts.say("frame", "case_left", left=c.left))
        for c in cases
    ]
    offered = radio if len(choices) <= 10 else select
    page.input("case", texts.say("frame", "label_case"), offered(choices, initial=choices[0].value))
    return page.modal(
        title=texts.say("frame", "title_pick"),
        callback="frame.pick",
        submit=texts.say("frame", "submit_pick"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def use_form(
    texts: Texts,
    rules: Rules,
    form: UseForm,
    *,
    meta: str,
    held: Held | None = None,
    exceeded: FrameExceeded | None = None,
    unclear: bool = False,
) -> Json:
    """At most five fields; the last one only where the purpose is given »i en periode« (R062)."""
    held = held or {}
    page = Page(Surface.MODAL)
    page.section(_head(texts, form))
    if exceeded:
        _ways_out(page, texts, form.line.id, exceeded)
    if unclear:
        page.context(texts.say("frame", "understood"))
    purpose = held.get("purpose") or ("" if unclear else form.purposes[0])
    page.input(
        "amount",
        texts.say("frame", "label_amount"),
        text_field(
            most=MOST_AMOUNT, initial=held.get("amount"), example=texts.say("frame", "example_amount")
        ),
        hint=texts.say("frame", "case_left", left=form.frame.left),
    )
    choices = [Choice(texts.named(rules.purpose(p)), p) for p in form.purposes]
    page.input(
        "purpose", texts.say("frame", "label_purpose"), radio(choices, initial=purpose or None), dispatch=True
    )
    page.input(
        "kind",
        texts.say("frame", "label_kind"),
        radio(_kinds(texts), initial=held.get("kind") or EntryKind.EXPENSE.value),
    )
    page.input(
        "spent_on",
        texts.say("frame", "label_spent_on"),
        date_picker(initial=held.get("spent_on") or form.today.isoformat()),
    )
    if purpose and form.rules.purpose(purpose).needs_period:
        page.input(
            "period_until",
            texts.say("frame", "label_period_until"),
            date_picker(initial=held.get("period_until")),
            hint=texts.say("frame", "hint_period_until"),
        )
    return page.modal(
        title=texts.say("frame", "title_use"),
        callback="frame.use",
        submit=texts.say("frame", "submit_use"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _head(texts: Texts, form: UseForm) -> Said:
    line = form.line
    return texts.say(
        "frame",
        "head",
        alias=line.alias,
        key=line.key,
        tail=line.tail,
        left=form.frame.left,
        amount=form.frame.amount,
    )


def _kinds(texts: Texts) -> list[Choice]:
    return [
        Choice(texts.say("frame", "kind_expense"), EntryKind.EXPENSE.value),
        Choice(
            texts.say("frame", "kind_commitment"),
            EntryKind.COMMITMENT.value,
            texts.say("frame", "about_commitment"),
        ),
    ]


def _ways_out(page: Page, texts: Texts, case: str, why: FrameExceeded) -> None:
    """Overspending is never a dead end (D33)."""
    left: Kroner = why.facts["left"]
    page.section(texts.say("frame", "exceeded", left=left, short=why.facts["short"]))
    page.buttons(
        Button(texts.say("frame", "use_left", left=left), "frame.use_left", case, "primary")
        if left
        else None,
        Button(texts.say("frame", "ask_new"), "frame.new", case),
        Button(texts.say("frame", "what_else"), "frame.else"),
        id="ways_out",
    )


def exceeded(texts: Texts, case: str, why: FrameExceeded) -> Page:
    page = Page(Surface.EPHEMERAL)
    _ways_out(page, texts, case, why)
    return page


def receipt_lines(texts: Texts, rules: Rules, receipt: Receipt) -> list[Said]:
    """The amount, its purpose, what is left; a day other than today with weekday and week."""
    entry = receipt.entry
    block = {EntryKind.COMMITMENT: "receipt_commitment", EntryKind.REVERSAL: "receipt_back"}.get(
        entry.kind, "receipt"
    )
    said = [
        texts.say(
            "frame",
            block,
            amount=entry.amount,
            purpose=purpose_name(texts, rules, entry.purpose),
            alias=receipt.alias,
            left=receipt.left,
            share=receipt.share,
        )
    ]
    if entry.spent_on != receipt.today:
        said.append(texts.say("frame", "other_day", day=entry.spent_on))
    if entry.period_until:
        said.append(texts.say("frame", "until", day=entry.period_until))
    if receipt.overdue_since:
        said.append(texts.say("frame", "overdue", day=receipt.overdue_since))
    return said


def _receipt_on(page: Page, texts: Texts, rules: Rules, receipt: Receipt) -> None:
    back = receipt.entry.kind == EntryKind.REVERSAL
    page.section(joined("\n", receipt_lines(texts, rules, receipt)))
    page.buttons(
        None if back else Button(texts.say("common", "undo"), "frame.undo", receipt.entry.id),
        Button(texts.say("case", "show_note"), "note.show", str(receipt.note)),
        Button(texts.say("case", "use_frame"), "frame.open", receipt.case_id) if back else None,
    )


def receipt(texts: Texts, rules: Rules, done: Receipt) -> Json:
    """The last view of the form: the receipt that cannot be lost (D37)."""
    page = Page(Surface.MODAL)
    _receipt_on(page, texts, rules, done)
    return page.modal(
        title=texts.say("frame", "title_use"), callback="frame.done", close=texts.say("common", "done")
    )


def receipt_aside(texts: Texts, rules: Rules, done: Receipt) -> Page:
    page = Page(Surface.EPHEMERAL)
    _receipt_on(page, texts, rules, done)
    return page


def twice(
    texts: Texts, rules: Rules, *, case: str, facts: dict[str, object], today: date, page: Page
) -> Page:
    """»Der er allerede 450,00 kr. til befordring i dag.«"""
    page.section(
        texts.say(
            "frame",
            "twice",
            amount=facts["amount"],
            purpose=purpose_name(texts, rules, str(facts["purpose"])),
            day=facts["day"],
            today=facts["day"] == today,
        )
    )
    page.buttons(Button(texts.say("frame", "anyway"), "frame.anyway", case, "primary"))
    return page


def twice_form(texts: Texts, page: Page) -> Json:
    return page.modal(
        title=texts.say("frame", "title_twice"), callback="frame.twice", close=texts.say("common", "close")
    )


def purpose_name(texts: Texts, rules: Rules, code: str) -> Said:
    return texts.named(rules.purpose(code))


def correct_form(texts: Texts, rules: Rules, line: EntryLine, *, meta: str) -> Json:
    entry, page = line.entry, Page(Surface.MODAL)
    page.section(
        texts.say(
            "frame",
            "about_correct",
            amount=entry.amount,
            purpose=purpose_name(texts, rules, entry.purpose),
            day=entry.spent_on,
        )
    )
    choices = offered(texts, rules, "correction")
    page.input("reason", texts.say("frame", "label_correction"), radio(choices))
    return page.modal(
        title=texts.say("frame", "title_correct"),
        callback="frame.correct",
        submit=texts.say("frame", "submit_correct"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def settle_form(
    texts: Texts, rules: Rules, entry: Entry, held: Kroner, case: CaseLine, *, today: date, meta: str
) -> Json:
    page = Page(Surface.MODAL)
    named = purpose_name(texts, rules, entry.purpose)
    page.section(texts.say("frame", "about_settle", alias=case.alias, purpose=named, held=held))
    page.input(
        "amount",
        texts.say("frame", "label_actual"),
        text_field(most=MOST_AMOUNT, example=texts.say("frame", "example_amount")),
    )
    rest = [
        Choice(texts.say("frame", "rest_free"), "free"),
        Choice(texts.say("frame", "rest_stays"), "stays"),
    ]
    page.input("rest", texts.say("frame", "label_rest"), radio(rest, initial="free"))
    page.input("spent_on", texts.say("frame", "label_spent_on"), date_picker(initial=today.isoformat()))
    return page.modal(
        title=texts.say("frame", "title_settle"),
        callback="frame.settle",
        submit=texts.say("frame", "settle"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def new_form(texts: Texts, rules: Rules, form: UseForm, *, meta: str) -> Json:
    """*Bed om ny ramme*: amount, purposes, reason."""
    page = Page(Surface.MODAL)
    page.section(_head(texts, form))
    page.input(
        "amount",
        texts.say("frame", "label_new_amount"),
        text_field(most=MOST_AMOUNT, example=texts.say("frame", "example_amount")),
        hint=texts.say("frame", "hint_new_amount", amount=form.frame.amount),
    )
    choices = [Choice(texts.named(p), p.code) for p in rules.purposes]
    page.input(
        "purposes",
        texts.say("frame", "label_purposes"),
        checkboxes(choices, initial=form.frame.purposes),
    )
    reasons = offered(texts, rules, "new_frame")
    page.input("reason", texts.say("frame", "label_reason"), radio(reasons, initial=reasons[0].value))
    return page.modal(
        title=texts.say("frame", "title_new"),
        callback="frame.new",
        submit=texts.say("frame", "submit_new"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def overview(texts: Texts, rules: Rules, view: FrameView) -> Json:
    """What is left, what is set aside, the newest entries; *Gentag* under the last."""
    page = Page(Surface.MODAL)
    page.section(line(texts, view.line))
    page.context(
        texts.say(
            "frame",
            "payer",
            payer=texts.named(rules.area(view.frame.payer)),
            day=view.frame.follow_up_on,
        )
    )
    if view.overdue_since:
        page.context(texts.say("frame", "overdue", day=view.overdue_since))
    if view.may_book:
        last = view.repeatable
        page.buttons(
            Button(texts.say("case", "use_frame"), "frame.open", view.line.id, "primary"),
            Button(texts.say("frame", "repeat"), "frame.repeat", last.id) if last else None,
            Button(texts.say("frame", "ask_new"), "frame.new", view.line.id),
        )
    _set_aside(page, texts, rules, view)
    _entries(page, texts, rules, view)
    return page.modal(
        title=texts.say("frame", "title_frame"), callback="frame.page", close=texts.say("common", "close")
    )


def _set_aside(page: Page, texts: Texts, rules: Rules, view: FrameView) -> None:
    for entry, held in view.set_aside:
        named = purpose_name(texts, rules, entry.purpose)
        label = texts.say("frame", "settle_named", amount=held)
        page.section(
            texts.say("frame", "set_aside", purpose=named, held=held, until=entry.period_until),
            button=Button(texts.say("frame", "settle"), "frame.settle", entry.id, label=label)
            if view.may_book
            else None,
        )


def _entries(page: Page, texts: Texts, rules: Rules, view: FrameView) -> None:
    page.divider()
    if not view.entries:
        page.section(texts.say("frame", "entries_none"))
        return
    page.section(texts.say("frame", "entries_head"))
    for one in view.entries[:ENTRIES_SHOWN]:
        page.section(entry_words(texts, rules, one), button=_take_back(texts, one) if view.may_book else None)


def entry_words(texts: Texts, rules: Rules, one: EntryLine) -> Said:
    entry = one.entry
    return texts.say(
        "frame",
        "entry",
        day=entry.spent_on,
        purpose=purpose_name(texts, rules, entry.purpose),
        amount=entry.amount,
        commitment=entry.kind == EntryKind.COMMITMENT,
        by=one.by_name,
        back=one.reversed,
    )


def _take_back(texts: Texts, one: EntryLine) -> Button | None:
    """*Fortryd* for ten minutes, then *Ret* with a reason (T19)."""
    if one.reversed:
        return None
    if one.may_undo:
        return Button(texts.say("common", "undo"), "frame.undo", one.entry.id)
    label = texts.say("frame", "correct_named", amount=one.entry.amount)
    return Button(texts.say("frame", "correct"), "frame.correct", one.entry.id, label=label)


def line(texts: Texts, case: CaseLine) -> Said:
    return texts.say(
        "frame",
        "line",
        alias=case.alias,
        key=case.key,
        left=case.left,
        amount=case.amount,
        share=case.share,
    )


def mine(texts: Texts, cases: list[CaseLine]) -> Page:
    page = Page(Surface.EPHEMERAL)
    if not cases:
        return page.section(texts.say("frame", "none_usable"))
    page.section(texts.say("frame", "mine_head", count=len(cases)))
    for case in cases[:20]:
        label = texts.say("frame", "show_named", alias=case.alias)
        page.section(
            line(texts, case),
            button=Button(texts.say("frame", "show"), "frame.show", case.id, label=label),
        )
    return page


def mark(told: MarkTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    block = "mark_100" if told.mark >= 100 else "mark_80"
    page.section(
        texts.say(
            "frame",
            block,
            alias=told.alias,
            key=told.key,
            mark=told.mark,
            left=told.left,
            amount=told.amount,
        )
    )
    page.buttons(
        Button(texts.say("frame", "ask_new"), "frame.new", told.case_id, "primary") if told.may_ask else None,
        Button(texts.say("frame", "show"), "frame.show", told.case_id),
    )
    return page.message(texts.say("common", "news"))


def new_frame(told: NewFrameTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say(
            "frame",
            "new_frame",
            by=told.by,
            alias=told.alias,
            key=told.key,
            amount=told.amount,
            reason=told.reason,
        ),
        button=Button(texts.say("common", "open"), "case.open", told.case_id),
    )
    if told.to_mark:
        page.buttons(Button(texts.say("ready", "mark"), "ready.mark", told.to_mark, "primary"))
    return page.message(texts.say("common", "notification"))


def old_correction(told: OldCorrectionTold, texts: Texts, rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say(
            "frame",
            "old_correction",
            told=told,
            payer=rules.area(told.payer),
            purpose=rules.purpose(told.purpose),
        )
    )
    return page.message(texts.say("common", "news"))
