"""Substitutes as people see them: the forms, the receipt with *Fortryd*, Home's lines, and what is told (T25, D31)."""

from __future__ import annotations

from bot.domain.people import PersonId
from bot.domain.rules import Rules
from bot.texts import Said, Texts, colleague, joined
from bot.usecases.absences import AwayWish, MyDeputy, SomebodyAway
from bot.usecases.substitutes import (
    LeadersHands,
    SickForm,
    StandingIn,
    SubstituteForm,
    SubstituteTold,
    TakenOver,
)
from bot.usecases.while_away import WhileAway
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    date_picker,
    people_select,
    person_select,
    select,
)
from bot.views.settings import handed_words

LINES = 5
LINES_IN_A_MESSAGE = 3


def people_choices(people: tuple[tuple[PersonId, str], ...]) -> list[Choice]:
    return [Choice(colleague(name), id) for id, name in people[:100]]  # noqa: A001


def form(texts: Texts, facts: SubstituteForm, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(
        texts.say("substitute", "form_head", alias=facts.alias, key=facts.key, name=facts.caseworker)
    )
    if not facts.choices:
        page.section(texts.say("substitute", "nobody"))
        return page.modal(
            title=texts.say("substitute", "title"),
            callback="told",
            close=texts.say("common", "close"),
        )
    page.input(
        "substitute", texts.say("substitute", "label_substitute"), select(people_choices(facts.choices))
    )
    page.input("first", texts.say("substitute", "label_first"), date_picker(initial=facts.first.isoformat()))
    page.input(
        "last",
        texts.say("substitute", "label_last"),
        date_picker(initial=facts.last.isoformat()),
        hint=texts.say("substitute", "hint_last"),
    )
    return page.modal(
        title=texts.say("substitute", "title"),
        callback="substitute.save",
        submit=texts.say("substitute", "submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def sick_form(texts: Texts, facts: SickForm, *, meta: str) -> Json:
    """Choosing the person unfolds what there is to take over (A9)."""
    page = Page(Surface.MODAL)
    chosen = facts.person if facts.person in {id for id, _ in facts.people} else None  # noqa: A001
    if not facts.people:
        page.section(texts.say("substitute", "no_colleagues"))
        return page.modal(
            title=texts.say("substitute", "title_sick"), callback="told", close=texts.say("common", "close")
        )
    page.input(
        "person",
        texts.say("substitute", "label_person"),
        select(people_choices(facts.people), initial=chosen, hint=texts.say("common", "choose")),
        dispatch=True,
    )
    ready = bool(chosen and facts.count and facts.choices)
    if chosen:
        day = {
            "count": facts.count,
            "on_meeting": facts.on_meeting,
            "day": facts.meeting_day,
            "covered": facts.covered,
        }
        page.section(texts.say("substitute", "what_is_left", **day))
    if ready and facts.last:
        choices = people_choices(facts.choices)
        page.input(f"substitute~{chosen}", texts.say("substitute", "label_for_all"), select(choices))
        page.input(
            "last",
            texts.say("substitute", "label_last"),
            date_picker(initial=facts.last.isoformat()),
            hint=texts.say("substitute", "hint_last"),
        )
    return page.modal(
        title=texts.say("substitute", "title_sick"),
        callback="sick.save" if ready else "sick.choose",
        submit=texts.say("substitute", "submit") if ready else texts.say("substitute", "next"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def taken_over(texts: Texts, told: TakenOver) -> Json:
    """The receipt is the last view of the form (D37)."""
    page = Page(Surface.MODAL)
    page.section(
        texts.say(
            "substitute",
            "taken_over",
            name=told.name,
            absent=told.absent,
            count=told.count,
            last=told.last,
            covered=told.covered,
        )
    )
    page.context(texts.say("substitute", "both_told"))
    page.buttons(Button(texts.say("common", "undo"), "substitute.undo", told.batch))
    return page.modal(
        title=texts.say("substitute", "title"), callback="told", close=texts.say("common", "close")
    )


# --- Home ---


def standing_part(page: Page, texts: Texts, _rules: Rules, lines: tuple[StandingIn, ...]) -> None:
    page.section(texts.say("substitute", "home_head", count=len(lines)))
    for line in lines[:LINES]:
        page.section(
            texts.say("substitute", "home_line", alias=line.alias, name=line.caseworker, last=line.last),
            button=_open(texts, line),
        )


def named_part(page: Page, texts: Texts, _rules: Rules, lines: tuple[SomebodyAway, ...]) -> None:
    """For whom one stands in today, and what that lets one do."""
    for line in lines[:LINES]:
        said = texts.say("substitute", "home_named", name=line.name, last=line.last)
        page.section(joined("\n", [said, *handed_words(texts, "you", line.name, line.handed)]))


def hands_part(page: Page, texts: Texts, _rules: Rules, hands: LeadersHands) -> None:
    """For a leader: who stands in where, and somebody has fallen ill."""
    for line in hands.standing[:LINES]:
        facts = {"alias": line.alias, "name": line.name, "absent": line.caseworker, "last": line.last}
        page.section(texts.say("substitute", "area_line", **facts), button=_open(texts, line))
    page.buttons(Button(texts.say("substitute", "somebody_ill"), "sick.open"), id="people_hands")


def my_deputy_part(page: Page, texts: Texts, _rules: Rules, mine: MyDeputy) -> None:
    """Who acts for me, from and to; one press to choose, or to be back."""
    choose = Button(texts.say("substitute", "mine_set"), "away.open")
    absence = mine.absence
    if absence is None:
        page.section(texts.say("substitute", "mine_none", deputies=mine.area), button=choose)
        return
    days = {"first": absence.first, "last": absence.last}
    back = Button(texts.say("settings", "back"), "away.end", absence.id)
    said = texts.say("substitute", "mine" if mine.name else "mine_nobody", name=mine.name, **days)
    page.section(said, button=back if mine.name else choose)


def wishes_part(page: Page, texts: Texts, _rules: Rules, wishes: tuple[AwayWish, ...]) -> None:
    for wish in wishes[:LINES]:
        page.section(_wish_words(texts, wish))
        page.buttons(*_wish_buttons(texts, wish))


def _open(texts: Texts, line: StandingIn) -> Button:
    label = texts.say("common", "open_named", alias=line.alias)
    return Button(texts.say("common", "open"), "case.open", line.case_id, label=label)


# --- what is told ---


def told(facts: SubstituteTold, texts: Texts, _rules: Rules) -> Json:
    """To the substitute with the cases to open; to whoever is away only who takes over."""
    page = Page(Surface.DIRECT)
    last = max(line.last for line in facts.lines)
    block = "told_substitute" if facts.mine else "told_absent"
    page.section(texts.say("substitute", block, name=facts.name, count=len(facts.lines), last=last))
    if facts.mine:
        for line in facts.lines[:LINES_IN_A_MESSAGE]:
            page.section(
                texts.say("substitute", "told_line", alias=line.alias, key=line.key),
                button=_open(texts, line),
            )
        rest = len(facts.lines) - LINES_IN_A_MESSAGE
        if rest > 0:
            page.context(texts.say("overview", "more", count=rest))
    return page.message(texts.say("common", "notification" if facts.mine else "news"))


def long(line: StandingIn, texts: Texts, _rules: Rules) -> Json:
    """The 25th day: what is needed now is a change of caseworker."""
    page = Page(Surface.DIRECT)
    page.section(texts.say("substitute", "long", alias=line.alias, name=line.name, last=line.last))
    page.buttons(
        Button(texts.say("handover", "ask_change"), "change.open", line.case_id, "primary"),
        _open(texts, line),
    )
    return page.message(texts.say("common", "notification"))


def wish(facts: AwayWish, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    if facts.answered:
        page.section(texts.say("substitute", "wish_answered", name=facts.name, proposed=facts.proposed))
        return page.message(texts.say("common", "news"))
    page.section(_wish_words(texts, facts))
    page.buttons(*_wish_buttons(texts, facts))
    return page.message(texts.say("common", "notification"))


def _wish_words(texts: Texts, facts: AwayWish) -> Said:
    return texts.say(
        "substitute",
        "wish",
        name=facts.name,
        first=facts.first,
        last=facts.last,
        proposed=facts.proposed,
        count=facts.count,
        covered=facts.covered,
    )


def _wish_buttons(texts: Texts, facts: AwayWish) -> tuple[Button, ...]:
    named = texts.say("substitute", "approve_named", name=facts.name)
    other = texts.say("substitute", "choose_other_named", name=facts.name)
    return (
        Button(texts.say("substitute", "approve"), "away.approve", facts.absence_id, "primary", label=named),
        Button(texts.say("substitute", "choose_other"), "away.other", facts.absence_id, label=other),
    )


def other_form(texts: Texts, facts: AwayWish, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(_wish_words(texts, facts))
    chosen = facts.chosen if facts.chosen in {id for id, _ in facts.choices} else None  # noqa: A001
    page.input(
        "substitute",
        texts.say("substitute", "label_for_all"),
        select(people_choices(facts.choices), initial=chosen),
    )
    return page.modal(
        title=texts.say("substitute", "title"),
        callback="away.other",
        submit=texts.say("substitute", "submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def approved(texts: Texts, facts: AwayWish) -> Said:
    counts = {"count": facts.count, "covered": facts.covered}
    return texts.say("substitute", "approved", name=facts.name, proposed=facts.proposed, **counts)


def answer(facts: AwayWish, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("substitute", "your_substitute", name=facts.proposed, first=facts.first, last=facts.last)
    )
    return page.message(texts.say("common", "news"))


def told_deputy(facts: SomebodyAway, texts: Texts, _rules: Rules) -> Json:
    """For whoever is named: the days, and plainly what they can do."""
    page = Page(Surface.DIRECT)
    said = texts.say("settings", "told_deputy", name=facts.name, first=facts.first, last=facts.last)
    page.section(joined("\n", [said, *handed_words(texts, "you", facts.name, facts.handed)]))
    return page.message(texts.say("common", "news"))


def while_away(facts: WhileAway, texts: Texts, _rules: Rules) -> Json:
    """The first morning back: one overview."""
    page = Page(Surface.DIRECT)
    counts = {"uses": facts.uses, "decisions": facts.decisions, "postponed": facts.postponed}
    lines = [texts.say("substitute", "while_away", other=facts.other, **counts)]
    if facts.deputies:
        done = {"answers": facts.answers, "led": facts.led, "meetings": facts.meetings}
        parts = [texts.say("substitute", f"done_{what}", count=n) for what, n in done.items() if n]
        lines.append(texts.say("substitute", "done_for_you", names=facts.deputies, done=joined(", ", parts)))
    page.section(joined("\n", lines))
    page.buttons(Button(texts.say("home", "more_cases"), "case.mine"))
    return page.message(texts.say("common", "news"))


def deputies_form(texts: Texts, *, person: str, allowed: tuple[str, ...], meta: str) -> Json:
    """For the administrator: whom one person may name as deputy."""
    page = Page(Surface.MODAL)
    page.input(
        "person", texts.say("substitute", "label_whose"), person_select(initial=person or None), dispatch=True
    )
    page.input(
        f"deputies~{person}",
        texts.say("substitute", "label_deputies"),
        people_select(initial=allowed),
        hint=texts.say("substitute", "hint_deputies"),
        optional=True,
    )
    return page.modal(
        title=texts.say("substitute", "title_deputies"),
        callback="deputies.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def deputies_part(page: Page, texts: Texts, _rules: Rules, _facts: object) -> None:
    page.buttons(Button(texts.say("substitute", "title_deputies"), "deputies.open"), id="deputies")
