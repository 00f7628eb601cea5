"""A person's own settings, and »Jeg er væk«."""

from __future__ import annotations

from datetime import time

from bot.domain.people import HANDS, Absence, Hand, Handed, Person, Role
from bot.texts import Said, Texts, joined
from bot.usecases.people import MySettings
from bot.views.kit import Button, Choice, Json, Page, Surface, date_picker, person_select, radio, select
from bot.views.setup import language_choices

CLOCKS = tuple(time(hour, minute) for hour in range(6, 16) for minute in (0, 30))


def form(texts: Texts, facts: MySettings, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.input(
        "language",
        texts.say("settings", "label_language"),
        radio(language_choices(texts), initial=facts.person.language),
    )
    clocks = sorted({*CLOCKS, facts.person.overview_at})
    page.input(
        "overview",
        texts.say("settings", "label_overview"),
        select(
            [Choice(texts.say("settings", "clock", at=c), c.strftime("%H:%M")) for c in clocks],
            initial=facts.person.overview_at.strftime("%H:%M"),
        ),
        hint=texts.say("settings", "hint_overview"),
    )
    page.divider()
    for line in facts.absences[:5]:
        page.section(
            texts.say(
                "settings",
                "absence",
                first=line.first,
                last=line.last,
                deputy=line.deputy,
                proposed=line.proposed,
                told=line.told,
            ),
            button=Button(texts.say("settings", "back"), "away.end", line.id),
        )
    page.buttons(Button(texts.say("settings", "away"), "away.open"), id="away")
    return page.modal(
        title=texts.say("settings", "title"),
        callback="settings.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def away_form(texts: Texts, person: Person, *, today: str, meta: str) -> Json:
    """What the one who is chosen can do stands above, for each role the person has."""
    page = Page(Surface.MODAL)
    roles = [role for role in Role if any(post.role == role for post in person.posts)]
    lines = []
    for hand in Hand:
        if mine := [texts.term("role", role) for role in roles if HANDS[role] is hand]:
            lines.append(texts.say("settings", f"hand_{hand.value}", roles=mine))
    page.section(joined("\n", lines))
    page.input("first", texts.say("settings", "label_first"), date_picker(initial=today))
    page.input("last", texts.say("settings", "label_last"), date_picker())
    page.input(
        "deputy",
        texts.say("settings", "label_deputy"),
        person_select(),
        hint=texts.say("settings", "hint_deputy"),
        optional=True,
    )
    return page.modal(
        title=texts.say("settings", "title_away"),
        callback="away.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def away_saved(texts: Texts, absence: Absence, named: tuple[str, Handed] | None) -> Said:
    """The days, and plainly what the one who is named can do meanwhile."""
    said = [texts.say("settings", "away_saved", first=absence.first, last=absence.last)]
    return joined("\n", [*said, *(handed_words(texts, "they", *named) if named else ())])


def handed_words(texts: Texts, to: str, name: str, handed: Handed) -> list[Said]:
    """`to`: "they" for whoever is away, "you" for the one who is named."""
    lines = []
    for kind in ("acts", "reads", "nothing", "alone"):
        roles: tuple[Role, ...] = getattr(handed, kind)
        if roles and (to, kind) != ("you", "alone"):
            terms = [texts.term("role", role) for role in roles]
            lines.append(texts.say("settings", f"{to}_{kind}", name=name, roles=terms))
    for kind in ("cases", "seat"):
        if getattr(handed, kind):
            lines.append(texts.say("settings", f"{to}_{kind}", name=name))
    return lines or [texts.say("settings", f"{to}_told", name=name)]
