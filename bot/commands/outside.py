"""`indgang plan KEY` and `indgang calendar`: the two things that are printed or opened outside Slack (D40)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import Demo, Language, Speaks, in_plain_words, said, settings_or_demo, stop, write_out

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.domain.people import Person
    from bot.texts import Texts

On = Annotated[str, typer.Option("--as")]


def plan(
    key: str,
    acting: On,
    out: Annotated[Path, typer.Option("--out")],
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """The plan on one page for the citizen, in plain words; the name is filled in by hand."""
    with in_plain_words(language):
        if out.suffix not in (".docx", ".html"):
            stop(said("kinds"))
        from bot.assembly import House
        from bot.domain.calendar import local_date
        from bot.texts import texts

        house = House.build(settings_or_demo(demo))
        try:
            house.check_keys()
            words = texts(language, house.rules.own_words).on(local_date(house.clock.now()))
            write_out(out, plan_file(house, key, acting, out.suffix, words))
        finally:
            house.close()
    typer.echo(str(out))


def plan_file(house: House, key: str, acting: str, suffix: str, words: Texts) -> bytes:
    """The access rule holds here as in Slack, and the journal names whom it was made for."""
    from bot.documents.docx_file import plan_as_docx
    from bot.documents.plan_page import as_html, plan_page
    from bot.domain.case import CaseNotFound
    from bot.domain.significance import PlanMissing
    from bot.usecases.ports import Asked

    at = house.clock.now()
    asked = Asked(person_of(house, acting), at, "command:plan", f"plan:{secrets.token_hex(8)}")
    try:
        sheet = house.office.plan_sheets.sheet(asked, key)
    except CaseNotFound:
        stop(str(words.say("refusal", "case_not_found", small=None, other=None, by=None, at=None)))
    except PlanMissing:
        stop(str(words.say("refusal", "plan_missing", small=None, other=None, by=None, at=None)))
    page = plan_page(sheet, words, house.rules.on(asked.today))
    return plan_as_docx(page) if suffix == ".docx" else as_html(page).encode("utf-8")


def calendar(
    out: Annotated[Path, typer.Option("--out")],
    person: Annotated[str | None, typer.Option("--as")] = None,
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """The committee's meetings as a calendar file: time and room only."""
    with in_plain_words(language):
        from bot.assembly import House
        from bot.documents.ics_file import as_ics
        from bot.texts import texts

        house = House.build(settings_or_demo(demo))
        try:
            if person:
                person_of(house, person)
            at = house.clock.now()
            events = house.office.calendars.events(at, person=person)
            write_out(out, as_ics(events, texts(language, house.rules.own_words), at=at))
        finally:
            house.close()
    typer.echo(str(out))


def person_of(house: House, id: str) -> Person:  # noqa: A002
    with house.storage.open_reading(at=house.clock.now()) as work:
        found = work.people.find(id)
    if found is None or not found.has_any_role:
        stop(said("nobody"))
    return found
