"""A case as people see it: the form that makes one, its line in a list, and its page."""

from __future__ import annotations

from itertools import groupby

from bot.domain.alias import AliasWord
from bot.domain.case import AgeBand
from bot.domain.choices import WORDS
from bot.domain.marks import Mark
from bot.domain.rules import Area, Rules
from bot.domain.tracks import track_of
from bot.texts import CaseNumber, Said, Texts, alias_and_key, case_link, joined
from bot.usecases.case_status import Status
from bot.usecases.cases import CaseLine, CaseView, DoubleRefused, Number, TimelineLine
from bot.views import aside, handover, plan
from bot.views.kit import Button, Choice, Json, Page, Surface, radio, select, text_field

MOST_REFERENCE = 200
TIMELINE_LINES = 12
HISTORY_LINES = 600  # far more than a case gets in its life; a modal holds a hundred sections
LINES_TOGETHER = 20
NO_MARK = "none"


def new_form(
    texts: Texts,
    rules: Rules,
    aliases: list[AliasWord],
    *,
    meta: str,
    areas: tuple[str, ...],
    fresh: str = "",
    held: dict[str, str] | None = None,
) -> Json:
    """`fresh` makes the alias field a new one, so that its first choice is chosen; `held` is a draft's values."""
    held = held or {}
    page = Page(Surface.MODAL)
    page.input(
        "reference",
        texts.say("case", "label_reference"),
        text_field(
            most=MOST_REFERENCE, example=texts.say("case", "example_reference"), initial=held.get("reference")
        ),
        hint=texts.say("case", "hint_reference"),
    )
    page.input(
        "band",
        texts.say("case", "label_band"),
        radio(band_choices(texts, rules), initial=held.get("band")),
        dispatch=True,
    )
    choices = [Choice(alias_and_key(a.word), a.sign) for a in aliases]
    page.input(
        f"alias~{fresh}",
        texts.say("case", "label_alias"),
        radio(choices, initial=aliases[0].sign),
        hint=texts.say("case", "hint_alias"),
    )
    page.buttons(Button(texts.say("case", "more_aliases"), "alias.more"))
    if len(areas) > 1:
        named = [Choice(texts.named(rules.area(a)), a) for a in areas]
        page.input(
            "area", texts.say("case", "label_area"), select(named, initial=held.get("area") or areas[0])
        )
    return page.modal(
        title=texts.say("case", "title_new"),
        callback="case.new",
        submit=texts.say("case", "submit_new"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def band_choices(texts: Texts, rules: Rules) -> list[Choice]:
    note = texts.say("case", "teens_note")
    return [
        Choice(texts.years(rules.ages.years(band)), band.value, note if band == AgeBand.TEENS else None)
        for band in AgeBand
        if band != AgeBand.TEENS or rules.target_group.teens
    ]


def status_words(texts: Texts, status: Status) -> Said:
    return texts.say("case", "status", code=status.code, day=status.day)


def line(texts: Texts, case: CaseLine) -> Said:
    """The four handles, and where it stands; a bar where there is a frame."""
    said = texts.say(
        "case",
        "line",
        alias=case.alias,
        key=case.key,
        tail=case.tail,
        status=status_words(texts, case.status),
    )
    said = marked(texts, case, said)
    if case.left is None:
        return said
    money = texts.say("case", "money_line", left=case.left, amount=case.amount, share=case.share)
    return joined("\n", [said, money])


def marked(texts: Texts, case: CaseLine, said: Said) -> Said:
    """With the reader's own mark before it, where there is one: a sign and its word."""
    return joined(" · ", [texts.term("mark", case.mark), said]) if case.mark else said


def open_button(texts: Texts, case: CaseLine) -> Button:
    label = texts.say("common", "open_named", alias=case.alias)
    return Button(texts.say("common", "open"), "case.open", case.id, label=label)


def found(texts: Texts, cases: list[CaseLine], *, surface: Surface) -> Page:
    page = Page(surface)
    if not cases:
        return page.section(texts.say("case", "found_none"))
    page.section(texts.say("case", "found_many", count=len(cases)))
    for case in cases[:10]:
        page.section(line(texts, case), button=open_button(texts, case))
    return page


def mine(texts: Texts, cases: list[CaseLine], *, surface: Surface) -> Page:
    page = Page(surface)
    if not cases:
        return page.section(texts.say("case", "mine_none"))
    page.section(texts.say("case", "mine_head", count=len(cases)))
    for case in cases[:20]:
        page.section(line(texts, case), button=open_button(texts, case))
    return page


def page(texts: Texts, rules: Rules, view: CaseView, *, meta: str, actions: tuple[Button, ...] = ()) -> Json:
    """The case on one page; what one may do stands on top."""
    shown = Page(Surface.MODAL)
    case = view.line
    shown.section(
        joined(
            "\n",
            [
                marked(
                    texts, case, texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail)
                ),
                texts.say(
                    "case",
                    "about",
                    years=rules.ages.years(case.band),
                    status=status_words(texts, case.status),
                    caseworker=view.caseworker_name,
                ),
                _where(texts, rules, view),
            ],
        )
    )
    if view.plan:
        plan.on_case(shown, texts, view.plan, case.id)
    if case.follow_up_on:
        shown.section(texts.say("case", "next_follow_up", day=case.follow_up_on))
    if case.left is not None:
        shown.section(
            texts.say("case", "frame_line", left=case.left, amount=case.amount, share=case.share), id="frame"
        )
    for first in range(0, len(actions), 5):
        shown.buttons(*actions[first : first + 5])
    handover.on_page(shown, texts, view.people)
    aside.on_page(shown, texts, rules, view)
    _areas(shown, texts, rules, view)
    _timeline(shown, texts, rules, view.timeline, case.id)
    return shown.modal(
        title=texts.say("case", "title_case", alias=case.alias),
        callback="case.page",
        close=texts.say("common", "close"),
        meta=meta,
    )


def actions(texts: Texts, view: CaseView) -> tuple[Button, ...]:
    """What the person may do with the case now, most likely first."""
    id = view.line.id  # noqa: A001
    offered = (
        (view.may_request, Button(texts.say("case", "ask_referral"), "referral.open", id, "primary")),
        (view.may_use_frame, Button(texts.say("case", "use_frame"), "frame.open", id, "primary")),
        (bool(view.repeatable), Button(texts.say("frame", "repeat"), "frame.repeat", view.repeatable)),
        (bool(view.to_prepare), Button(texts.say("case", "get_ready"), "ready.open", view.to_prepare)),
        (bool(view.to_prepare), Button(texts.say("company", "button"), "company.open", view.to_prepare)),
        (view.may_adjust, Button(texts.say("adjust", "button"), "adjust.open", id)),
        (view.may_doubt, Button(texts.say("case", "doubt"), "doubt.raise", id)),
        (
            bool(view.to_follow),
            Button(texts.say("advisory", "follow"), "advisory.follow", view.to_follow or ""),
        ),
        (
            bool(view.to_follow),
            Button(texts.say("advisory", "aside"), "advisory.aside", view.to_follow or ""),
        ),
        (
            view.case.is_open or view.aside.may_reopen,
            Button(texts.say("anchoring", "button"), "anchor.open", id),
        ),
        (view.may_end_plan, Button(texts.say("target_group", "button"), "plan.none", id)),
        (bool(view.own_areas), Button(texts.say("case", "show_number"), "case.number", id)),
        (view.line.linked, Button(texts.say("case", "open_system"), "case.system", id)),
        (view.case.is_open, Button(texts.say("case", "my_mark"), "mark.open", id)),
        (view.may_undo, Button(texts.say("case", "undo_case"), "case.undo", id)),
    )
    return tuple(
        button
        for may, button in (*offered, *aside.actions(texts, view), *handover.actions(texts, view.people, id))
        if may
    )


def _where(texts: Texts, rules: Rules, view: CaseView) -> Said:
    """Where it is anchored, who pays, and what its plan is called (R042, R044, R108)."""
    return texts.say(
        "anchoring",
        "where",
        area=rules.area(view.case.area),
        payer=rules.area(view.case.payer) if view.case.payer else None,
        track=track_of(view.case.band_now),
    )


def _areas(page: Page, texts: Texts, rules: Rules, view: CaseView) -> None:
    lines = [texts.say("case", "areas_head")]
    for code, has in view.areas:
        block = "area_has" if has else "area_missing"
        lines.append(texts.say("case", block, area=texts.named(rules.area(code))))
    page.section(joined("\n", lines))
    missing_own = [code for code, has in view.areas if not has and code in view.own_areas]
    if missing_own:
        page.buttons(Button(texts.say("case", "add_reference"), "case.reference", view.line.id))


TELL_THE_AREA = ("anchor_assessed", "payer_changed")


def _area_of(rules: Rules, line: TimelineLine) -> Area | None:
    """The area a line is about, where that is the news in it."""
    return rules.area(line.facts["area"]) if line.act in TELL_THE_AREA else None


SAID_WITH: dict[str, tuple[str, str]] = {
    "advice_answered": ("answer", "advice_answers"),
    "advice_asked": ("question", "advice_questions"),
    "advice_set_aside": ("reason", "aside"),
    "anchor_assessed": ("reason", "anchor"),
    "case_cancelled": ("reason", "cancel_case"),
    "case_held": ("reason", "hold"),
    "case_reopened": ("reason", "reopen"),
    "closing_asked": ("why", "closing"),
    "exemption_asked": ("reason", "exemption"),
    "exemption_granted": ("reason", "exemption"),
    "frame_corrected": ("reason", "correction"),
    "item_question_answered": ("answer", "item_answers"),
    "item_question_asked": ("question", "item_questions"),
    "missing_again": ("missing", "missing"),
    "new_date_asked": ("reason", "move"),
    "new_frame_asked": ("reason", "new_frame"),
    "no_joint_plan": ("reason", "no_plan"),
    "presentation_declined": ("reason", "decline"),
    "presentation_returned": ("missing", "missing"),
    "presentation_withdrawn": ("reason", "withdraw"),
    "taken_off_agenda": ("reason", "postpone"),
    "urgent_asked": ("reason", "urgent"),
}
"""Acts that are noted with a code from a list: the fact it stands in, and the list."""


def _line(texts: Texts, rules: Rules, line: TimelineLine) -> Said:
    fact, listed = SAID_WITH.get(line.act, ("", ""))
    codes = [code for code in line.facts.get(fact, "").split(",") if code]
    said = [texts.term(WORDS[listed], code) for code in codes]
    return texts.say(
        "journal", "line", line=line, area=_area_of(rules, line), codes=joined(", ", said) if said else None
    )


def _timeline(page: Page, texts: Texts, rules: Rules, lines: tuple[TimelineLine, ...], case: str) -> None:
    shown = lines[-TIMELINE_LINES:]
    if not shown:
        return
    said = [texts.say("case", "timeline_head")]
    said += [_line(texts, rules, line) for line in reversed(shown)]
    page.divider().section(joined("\n", said))
    if len(lines) > TIMELINE_LINES:
        page.buttons(Button(texts.say("case", "timeline_all"), "case.history", case))


def history(texts: Texts, rules: Rules, view: CaseView) -> Json:
    """All that has happened on the case, the newest first, by year."""
    page = Page(Surface.MODAL)
    for year, lines in groupby(reversed(view.timeline[-HISTORY_LINES:]), key=lambda line: line.local.year):
        several = list(lines)
        for first in range(0, len(several), LINES_TOGETHER):
            said = [texts.say("case", "timeline_year", year=str(year))] if first == 0 else []
            for line in several[first : first + LINES_TOGETHER]:
                said.append(_line(texts, rules, line))
            page.section(joined("\n", said))
    return page.modal(
        title=texts.say("case", "timeline_title"), callback="case.history", close=texts.say("common", "close")
    )


def number(texts: Texts, rules: Rules, found: Number) -> Json:
    shown = Page(Surface.MODAL)
    shown.section(texts.say("case", "head", alias=found.alias, key=found.key, tail=None))
    if not found.references:
        shown.section(texts.say("case", "number_none"))
    for reference in found.references:
        area = rules.area(reference.area)
        shown.section(
            texts.say(
                "case",
                "number_line",
                area=texts.named(area),
                system=area.case_system,
                number=CaseNumber(reference.number),
                link=case_link(reference.link) if reference.link else None,
            )
        )
    return shown.modal(
        title=texts.say("case", "title_number"), callback="case.number", close=texts.say("common", "close")
    )


def mark_form(texts: Texts, case: CaseLine, *, meta: str) -> Json:
    """A mark of one's own, out of twelve (D29)."""
    shown = Page(Surface.MODAL)
    shown.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail))
    marks = [Choice(texts.term("mark", mark), mark.value) for mark in Mark]
    none = Choice(texts.say("case", "mark_none"), NO_MARK)
    shown.input(
        "mark",
        texts.say("case", "my_mark"),
        select([*marks, none], initial=case.mark.value if case.mark else NO_MARK),
        hint=texts.say("case", "mark_hint"),
    )
    return shown.modal(
        title=texts.say("case", "my_mark"),
        callback="mark.set",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def reference_form(texts: Texts, rules: Rules, *, areas: tuple[str, ...], meta: str) -> Json:
    shown = Page(Surface.MODAL)
    shown.input(
        "reference",
        texts.say("case", "label_reference"),
        text_field(most=MOST_REFERENCE, example=texts.say("case", "example_reference")),
        hint=texts.say("case", "hint_reference"),
    )
    named = [Choice(texts.named(rules.area(a)), a) for a in areas]
    shown.input("area", texts.say("case", "label_area"), select(named, initial=areas[0]))
    return shown.modal(
        title=texts.say("case", "title_number"),
        callback="case.reference",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def double(facts: DoubleRefused, texts: Texts) -> Json:
    shown = Page(Surface.DIRECT)
    shown.section(texts.say("case", "double", alias=facts.alias, key=facts.key, by=facts.by))
    return shown.message(texts.say("common", "news"))
