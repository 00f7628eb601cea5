"""Another caseworker, the background group and who else is around a case, as people see it (T24, T27, B1.19)."""

from __future__ import annotations

from bot.domain.contacts import GROUP_ROLES, OVERLAPS, Contact, Side
from bot.domain.presentation import OWN_VIEWS
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.case_people import CasePeople
from bot.usecases.handover_effect import Coming, HandoverCard, HandoverTold, NotTaken
from bot.usecases.handovers import ChangeForm, PeopleForm
from bot.usecases.readiness import ReadyView
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    date_picker,
    multi_select,
    radio,
    select,
)
from bot.views.referral import offered, terms
from bot.views.substitute import people_choices

TASKS_SHOWN = 5
COMING_SHOWN = 5
NOT_TAKEN_SHOWN = 5


# --- on the case's page ---


def on_page(page: Page, texts: Texts, people: CasePeople) -> None:
    said = []
    if people.substitute:
        said.append(texts.say("substitute", "on_page", name=people.substitute, last=people.until))
    if people.handed_over_on:
        said.append(
            texts.say(
                "handover", "on_page", name=people.new, day=people.handed_over_on, overlap=people.overlap_from
            )
        )
    if people.not_taken_by:
        said.append(texts.say("handover", "not_taken", name=people.not_taken_by))
    if said:
        page.section(joined("\n", said))


def actions(texts: Texts, people: CasePeople, case_id: str) -> tuple[tuple[bool, Button], ...]:
    return (
        (people.may_accept, Button(texts.say("handover", "accept"), "case.accept", case_id)),
        (people.may_set, Button(texts.say("substitute", "set"), "substitute.open", case_id)),
        (people.may_end, Button(texts.say("substitute", "end"), "substitute.end", case_id)),
        (people.may_see_contacts, Button(texts.say("handover", "contacts"), "contacts.open", case_id)),
        (
            people.may_change and not people.may_see_contacts,
            Button(texts.say("handover", "ask_change"), "change.open", case_id),
        ),
    )


# --- another caseworker ---


def change_form(texts: Texts, rules: Rules, facts: ChangeForm, *, meta: str) -> Json:
    texts = texts.about(facts.band)
    page = Page(Surface.MODAL)
    page.section(
        texts.say("handover", "change_head", alias=facts.alias, key=facts.key, name=facts.caseworker)
    )
    page.input(
        "reason",
        texts.say("handover", "label_reason"),
        select(offered(texts, rules, "change_caseworker"), hint=texts.say("common", "choose")),
    )
    page.input(
        "caseworker",
        texts.say("handover", "label_new"),
        select(people_choices(facts.choices), hint=texts.say("common", "choose")),
        hint=texts.say("handover", "hint_new"),
    )
    overlaps = sorted({*OVERLAPS, facts.overlap_days})
    page.input(
        "overlap",
        texts.say("handover", "label_overlap"),
        select(
            [Choice(texts.say("handover", "overlap", days=days), str(days)) for days in overlaps],
            initial=str(facts.overlap_days),
        ),
        hint=texts.say("handover", "hint_overlap"),
    )
    page.input("handover_on", texts.say("handover", "label_day"), date_picker(initial=facts.day.isoformat()))
    page.input(
        "own_view",
        texts.say("ready", "label_own_view"),
        radio(terms(texts, "own_view", OWN_VIEWS), initial="not_yet"),
    )
    return page.modal(
        title=texts.say("handover", "title_change"),
        callback="change.save",
        submit=texts.say("handover", "submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def asked(texts: Texts, view: ReadyView, name: str | None) -> Json:
    """The receipt, with the one next step while anything is missing from whoever asked (D37)."""
    page = Page(Surface.MODAL)
    page.section(texts.say("handover", "asked", alias=view.case.alias, name=name))
    if view.asks_the_caseworker:
        page.buttons(Button(texts.say("case", "get_ready"), "ready.open", view.presentation.id, "primary"))
    return page.modal(title=texts.say("common", "title"), callback="told", close=texts.say("common", "close"))


# --- background group, and other caseworkers by law ---


def combinations(texts: Texts, rules: Rules, roles: tuple[str, ...], areas: tuple[str, ...]) -> list[Choice]:
    """»Familierådgiver · Socialområdet«: a role, and the area it is reached through."""
    return [
        Choice(contact_words(texts, rules, Contact(role, area)), f"{role}/{area}")
        for role in roles
        for area in areas
    ]


def contact_words(texts: Texts, rules: Rules, contact: Contact) -> Said:
    area = texts.named(rules.area(contact.area))
    return texts.say("handover", "contact", role=contact.role, area=area)


def group_form(texts: Texts, rules: Rules, facts: PeopleForm, *, meta: str) -> Json:
    case = facts.case
    texts = texts.about(case.band_now)
    page = Page(Surface.MODAL)
    page.section(texts.say("handover", "group_head", alias=case.alias, key=case.key))
    complicated = [Choice(texts.say("handover", "complicated"), "yes")]
    page.input(
        "complicated",
        texts.say("handover", "label_complicated"),
        checkboxes(complicated, initial=("yes",) if case.complicated else ()),
        optional=True,
    )
    for side in Side:
        roles = tuple(r for r in rules.choices.group_roles if GROUP_ROLES[r] == side)
        now = tuple(c.code for c in case.group if c.side == side)
        page.input(
            side.value,
            texts.say("handover", f"label_{side.value}"),
            multi_select(combinations(texts, rules, roles, facts.areas), initial=now),
            hint=texts.say("handover", "hint_roles") if side == Side.PROVIDER else None,
            optional=True,
        )
    page.input(
        "own_view",
        texts.say("ready", "label_own_view"),
        radio(terms(texts, "own_view", OWN_VIEWS), initial="not_yet"),
    )
    if case.group:
        ends = [Choice(texts.say("handover", "group_ends"), "yes")]
        page.input("ends", texts.say("handover", "label_ends"), checkboxes(ends), optional=True)
    return page.modal(
        title=texts.say("handover", "title_group"),
        callback="group.save",
        submit=texts.say("handover", "submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def contacts_form(texts: Texts, rules: Rules, facts: PeopleForm, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("handover", "contacts_about", band=facts.case.band_now))
    page.input(
        "contacts",
        texts.say("handover", "label_contacts"),
        multi_select(
            combinations(texts, rules, rules.choices.contact_roles, facts.areas),
            initial=tuple(c.code for c in facts.case.contacts),
        ),
        optional=True,
    )
    return page.modal(
        title=texts.say("handover", "title_contacts"),
        callback="contacts.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


# --- the card ---


def card(texts: Texts, rules: Rules, facts: HandoverCard, people: CasePeople, *, meta: str) -> Json:
    """Everything one takes over, and whom to call; the next steps below (B1.19, R066)."""
    page = Page(Surface.MODAL)
    head = {"alias": facts.alias, "key": facts.key, "name": facts.caseworker, "since": facts.since}
    page.section(
        joined(
            "\n",
            [
                texts.say("handover", "card_head", **head),
                texts.say("handover", "changes", count=facts.changes, before=facts.before),
                texts.say("handover", "next_day", day=facts.next_day),
            ],
        )
    )
    page.section(joined("\n", [*_promises(texts, rules, facts), *_set_aside(texts, rules, facts)]))
    if facts.complicated:
        page.section(texts.say("handover", "is_complicated"))
    page.section(_roles(texts, rules, "group_is", "group_none", facts.group))
    page.section(_roles(texts, rules, "contacts_are", "contacts_none", facts.contacts))
    if facts.leaders:
        said = [texts.say("handover", "leaders_head")]
        said += [
            texts.say("handover", "leader", area=texts.named(rules.area(a)), name=n) for a, n in facts.leaders
        ]
        page.section(joined("\n", said))
    page.buttons(*_next_steps(texts, facts.case_id, people))
    return page.modal(
        title=texts.say("handover", "title_card"),
        callback="contacts.card",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _next_steps(texts: Texts, case_id: str, people: CasePeople) -> tuple[Button, ...]:
    group = "change_group" if people.group else "ask_group"
    offered = (
        (people.may_group, Button(texts.say("handover", group), "group.open", case_id)),
        (people.may_contacts, Button(texts.say("handover", "edit_contacts"), "contacts.edit", case_id)),
        (people.may_change, Button(texts.say("handover", "ask_change"), "change.open", case_id)),
    )
    return tuple(button for may, button in offered if may)


def _promises(texts: Texts, rules: Rules, facts: HandoverCard) -> list[Said]:
    said = [texts.say("handover", "promises", count=len(facts.tasks))]
    for line in facts.tasks[:TASKS_SHOWN]:
        named = texts.named(rules.measure(line.measure))
        area = texts.named(rules.area(line.area))
        said.append(texts.say("handover", "promise", measure=named, area=area, day=line.due_on))
    return said


def _set_aside(texts: Texts, rules: Rules, facts: HandoverCard) -> list[Said]:
    said = [texts.say("handover", "set_aside", held=facts.held, count=len(facts.set_aside))]
    said += [
        texts.say("handover", "set_aside_line", purpose=texts.named(rules.purpose(code)), held=held)
        for code, held in facts.set_aside
    ]
    return said


def _roles(texts: Texts, rules: Rules, head: str, none: str, contacts: tuple[Contact, ...]) -> Said:
    if not contacts:
        return texts.say("handover", none)
    said = [texts.say("handover", head)]
    for contact in contacts:
        words = contact_words(texts, rules, contact)
        said.append(texts.say("handover", "member", contact=words, side=contact.side))
    return joined("\n", said)


# --- what is told ---


def told(told: HandoverTold, texts: Texts, _rules: Rules) -> Json:
    """Before the overlap that it is coming; in the overlap, and on the day, the card in short."""
    page = Page(Surface.DIRECT)
    facts = told.card
    if facts.ahead:
        who = {"alias": facts.alias, "name": facts.caseworker, "day": facts.ahead}
        if not told.sees_it:
            page.section(texts.say("handover", "told_ahead", overlap=facts.overlap_from, **who))
            return page.message(texts.say("common", "news"))
        page.section(texts.say("handover", "told_overlap", **who))
        page.buttons(*_told_buttons(texts, facts))
        return page.message(texts.say("common", "notification"))
    short = {"tasks": len(facts.tasks), "held": facts.held, "group": len(facts.group)}
    page.section(
        texts.say("handover", "told", alias=facts.alias, before=facts.before, day=facts.next_day, **short)
    )
    accepts = accept_button(texts, facts.case_id, facts.alias) if told.may_accept else None
    page.buttons(accepts, *_told_buttons(texts, facts))
    return page.message(texts.say("common", "notification"))


def accept_button(texts: Texts, case: str, alias: str) -> Button:
    named = texts.say("handover", "accept_named", alias=alias)
    return Button(texts.say("handover", "accept"), "case.accept", case, "primary", named)


def _told_buttons(texts: Texts, facts: HandoverCard) -> tuple[Button, ...]:
    label = texts.say("common", "open_named", alias=facts.alias)
    return (
        Button(texts.say("handover", "see_card"), "contacts.open", facts.case_id, "primary"),
        Button(texts.say("common", "open"), "case.open", facts.case_id, label=label),
    )


def coming_part(page: Page, texts: Texts, _rules: Rules, lines: tuple[Coming, ...]) -> None:
    """Home: the cases that will be one's own, and are followed already."""
    page.section(texts.say("handover", "home_head", count=len(lines)))
    for line in lines[:COMING_SHOWN]:
        label = texts.say("common", "open_named", alias=line.alias)
        page.section(
            texts.say("handover", "home_line", alias=line.alias, name=line.name, day=line.on),
            button=Button(texts.say("common", "open"), "case.open", line.case_id, label=label),
        )


def not_taken_part(page: Page, texts: Texts, _rules: Rules, lines: tuple[NotTaken, ...]) -> None:
    """A leader's Home: what no caseworker has said »Jeg tager sagen« to, with the way to each case (T17)."""
    page.section(texts.say("handover", "not_taken_head", count=len(lines)))
    most = page.most(NOT_TAKEN_SHOWN)
    for line in lines[:most]:
        label = texts.say("common", "open_named", alias=line.alias)
        page.section(
            texts.say("handover", "not_taken_line", alias=line.alias, name=line.name, day=line.since),
            button=Button(texts.say("common", "open"), "case.open", line.case_id, label=label),
        )
    if len(lines) > most:
        page.context(texts.say("alarms", "more", count=len(lines) - most))
