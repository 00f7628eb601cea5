"""The administrator's part of Home, and the forms that set the house up."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.committee import Committee, SeatKind
from bot.domain.people import ROLES_OF_AN_AREA, Post, Role
from bot.domain.rules import Rules
from bot.texts import Public, Said, Texts, joined
from bot.usecases.setup import AdminDesk, ChannelChosen, Gap, Roster
from bot.views import outbox
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    channel_select,
    checkboxes,
    date_picker,
    people_select,
    person_select,
    radio,
    select,
    text_field,
    time_picker,
)

MOST_WISHES = 5
MOST_SEATS = 20
LENGTHS = tuple(range(30, 241, 15))
_MONDAY = date(2026, 11, 16)
_STEPS = {"committee": "committee.open", "channel": "channel.open", "roster": "roster.open"}


def admin_part(page: Page, texts: Texts, rules: Rules, desk: AdminDesk) -> None:
    """What is missing and the next step first; then who waits; then how it goes."""
    if desk.gaps:
        _guide(page, texts, rules, desk.gaps)
    else:
        page.section(texts.say("setup", "head"))
    page.buttons(
        Button(texts.say("setup", "roles"), "roles.open"),
        Button(texts.say("setup", "committee"), "committee.open"),
        Button(texts.say("setup", "members"), "roster.open"),
        Button(texts.say("setup", "channel"), "channel.open"),
        id="admin",
    )
    for person, name in desk.wishes[:MOST_WISHES]:
        page.section(
            texts.say("setup", "wish", name=name),
            button=Button(
                texts.say("setup", "give"),
                "roles.open",
                person,
                "primary",
                label=texts.say("setup", "give_to", name=name),
            ),
        )
    queue = [] if desk.unreached or desk.waiting else [texts.say("setup", "all_sent")]
    page.context(texts.say("setup", "without_role", count=desk.without_role), *queue)
    if desk.unreached:
        outbox.not_sent(page, texts, desk.unreached)
    if desk.waiting:
        page.section(
            texts.say("setup", "parked", count=desk.waiting),
            button=Button(texts.say("setup", "send_again"), "notices.again"),
        )


def _guide(page: Page, texts: Texts, rules: Rules, gaps: tuple[Gap, ...]) -> None:
    page.section(texts.say("setup", "guide", count=len(gaps)))
    said = [_gap(texts, rules, gap) for gap in gaps]
    page.section(joined("\n", [joined("", [Public("• "), one]) for one in said]))
    first = gaps[0].code
    page.buttons(
        Button(texts.say("setup", f"do_{first}"), _STEPS.get(first, "roles.open"), style="primary"), id="next"
    )


def _gap(texts: Texts, rules: Rules, gap: Gap) -> Said:
    area = texts.named(rules.area(gap.area)) if gap.area else None
    return texts.say("setup", f"gap_{gap.code}", area=area, least=rules.roster.leaders_per_area)


def roles_form(texts: Texts, rules: Rules, *, person: str | None, posts: frozenset[Post], meta: str) -> Json:
    """For one person with what they hold now, or for up to thirty at once."""
    held = {p.role.value for p in posts}
    page = Page(Surface.MODAL)
    page.input(
        "people",
        texts.say("setup", "label_people"),
        people_select(initial=[person] if person else []),
        hint=texts.say("setup", "hint_people"),
    )
    of_area = [r for r in Role if r in ROLES_OF_AN_AREA]
    whole = [r for r in Role if r not in ROLES_OF_AN_AREA]
    for name, label, roles in (
        ("roles", "label_roles", of_area),
        ("roles_whole", "label_roles_whole", whole),
    ):
        page.input(
            name,
            texts.say("setup", label),
            checkboxes([Choice(texts.term("role", r), r.value) for r in roles], initial=sorted(held)),
            hint=texts.say("setup", "hint_roles") if name == "roles" else None,
            optional=True,
        )
    area = next((p.area for p in sorted(posts, key=lambda p: p.area or "") if p.area), None)
    page.input(
        "area",
        texts.say("setup", "label_area"),
        select(area_choices(texts, rules), initial=area),
        hint=texts.say("setup", "hint_area"),
        optional=True,
    )
    how = [Choice(texts.say("setup", f"how_{h}"), h) for h in ("keep", "exactly")]
    page.input(
        "how", texts.say("setup", "label_how"), radio(how, initial="exactly" if person and posts else "keep")
    )
    return page.modal(
        title=texts.say("setup", "title_roles"),
        callback="roles.give",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def area_choices(texts: Texts, rules: Rules) -> list[Choice]:
    return [Choice(texts.named(area), area.code) for area in rules.areas]


def committee_form(texts: Texts, committee: Committee | None, *, meta: str) -> Json:
    known = committee
    page = Page(Surface.MODAL)
    page.input(
        "name", texts.say("setup", "label_name"), text_field(most=100, initial=known.name if known else None)
    )
    days = [Choice(texts.say("setup", "weekday", day=_MONDAY + timedelta(days=n)), str(n)) for n in range(5)]
    page.input(
        "weekday",
        texts.say("setup", "label_weekday"),
        select(days, initial=str(known.weekday) if known else "3"),
        hint=texts.say("setup", "slot_note") if known else None,
    )
    page.input(
        "starts",
        texts.say("setup", "label_starts"),
        time_picker(initial=known.starts.strftime("%H:%M") if known else "09:00"),
    )
    lengths = sorted({*LENGTHS, known.minutes if known else 120})
    page.input(
        "minutes",
        texts.say("setup", "label_minutes"),
        select(
            [Choice(texts.say("setup", "minutes", count=n), str(n)) for n in lengths],
            initial=str(known.minutes if known else 120),
        ),
    )
    page.input(
        "room", texts.say("setup", "label_room"), text_field(most=80, initial=known.room if known else None)
    )
    page.input(
        "language",
        texts.say("setup", "label_language"),
        radio(language_choices(texts), initial=known.language if known else "da"),
    )
    return page.modal(
        title=texts.say("setup", "title_committee"),
        callback="committee.save",
        submit=texts.say("setup", "submit_committee"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def language_choices(texts: Texts) -> list[Choice]:
    return [Choice(texts.say("setup", "danish"), "da"), Choice(texts.say("setup", "english"), "en")]


def channel_form(texts: Texts, channel: str | None, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.input(
        "channel",
        texts.say("setup", "label_channel"),
        channel_select(initial=channel),
        hint=texts.say("setup", "hint_channel"),
    )
    return page.modal(
        title=texts.say("setup", "title_channel"),
        callback="channel.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def channel_chosen(texts: Texts, chosen: ChannelChosen) -> Said:
    """Which face the post will have, and why."""
    face = texts.say("setup", f"face_{chosen.face.value}", outsiders=chosen.outsiders)
    return joined("\n", [texts.say("setup", "channel_saved"), face])


def roster(texts: Texts, rules: Rules, facts: Roster) -> Json:
    """The members, what is wrong with the roster in plain words, and a door to add one."""
    page = Page(Surface.MODAL)
    faults = [texts.say("setup", f"fault_{code}", **roster_limits(rules)) for code in facts.faults]
    page.section(joined("\n", faults) if faults else texts.say("setup", "roster_right"))
    page.buttons(Button(texts.say("setup", "add_member"), "roster.add", style="primary" if faults else None))
    if not facts.seats:
        page.section(texts.say("setup", "no_seats"))
    for seat in facts.seats[:MOST_SEATS]:
        page.section(
            texts.say(
                "setup",
                "seat",
                name=seat.name,
                kind=texts.term("seat", seat.kind),
                area=texts.named(rules.area(seat.area)),
                alternate=seat.alternate,
                first=seat.first,
                last=seat.last,
            ),
            button=Button(
                texts.say("setup", "remove"),
                "roster.remove",
                seat.id,
                label=texts.say("setup", "remove_named", name=seat.name),
            ),
        )
    return page.modal(
        title=texts.say("setup", "title_members"), callback="roster", close=texts.say("common", "close")
    )


def roster_limits(rules: Rules) -> dict[str, object]:
    """What the words about an unfit roster need."""
    asked = rules.roster
    return {
        "least": asked.least,
        "most": asked.most,
        "management": asked.management,
        "caseworkers_least": asked.caseworkers_least,
        "caseworkers_most": asked.caseworkers_most,
        "homes": [rules.area(code) for code in asked.caseworker_areas],
        "schools": asked.schools,
        "schools_area": rules.area(asked.schools_area),
    }


def seat_form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.input("person", texts.say("setup", "label_person"), person_select())
    kinds = [Choice(texts.term("seat", k), k.value) for k in SeatKind]
    page.input("kind", texts.say("setup", "label_kind"), radio(kinds))
    page.input("area", texts.say("setup", "label_area"), select(area_choices(texts, rules)))
    yes = [Choice(texts.say("setup", "alternate_yes"), "yes")]
    page.input("alternate", texts.say("setup", "label_alternate"), checkboxes(yes), optional=True)
    page.input("first", texts.say("setup", "label_seat_first"), date_picker(), optional=True)
    page.input("last", texts.say("setup", "label_seat_last"), date_picker(), optional=True)
    return page.modal(
        title=texts.say("setup", "title_seat"),
        callback="roster.seat",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )
