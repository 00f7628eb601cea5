"""`indgang people import FILE.csv`: roles for many at once, looked through before anything is kept (A14)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import (
    Demo,
    MaybeSpeaks,
    in_plain_words,
    os_fault,
    said,
    settings_or_demo,
    spoken_here,
    stop,
)
from bot.commands.usage import Commands

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.domain.people import Role
    from bot.domain.people_file import Fault, PeopleFile
    from bot.domain.rules import Rules
    from bot.texts import Texts
    from bot.usecases.people_import import Change

people = Commands()


@people.callback()
def _people() -> None:
    """A group of commands, also while it holds one."""


@people.command("import")
def bring_in(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    exactly: Annotated[bool, typer.Option("--exactly")] = False,
    language: MaybeSpeaks = None,
    demo: Demo = None,
) -> None:
    """Give roles from a file: every bad row is named, and nothing is kept until all rows are good."""
    with in_plain_words(language):
        from bot.assembly import House
        from bot.settings import SLACK
        from bot.texts import texts

        found = settings_or_demo(demo)
        if demo and found.slack_api_url == SLACK:
            stop(said("demo_sleeps"))
        house = House.build(found)
        try:
            _bring_in(house, file, texts(spoken_here()), dry_run=dry_run, exactly=exactly)
        finally:
            house.close()


def _bring_in(house: House, file: Path, words: Texts, *, dry_run: bool, exactly: bool) -> None:
    from bot.domain.people import LastAdministrator

    at = house.clock.now()
    rules = house.rules.on(at.date())
    found, names = _looked_through(house, file, rules, words)
    team = (house.settings.team if house.settings else None) or ""
    office = house.office.people_import
    try:
        changes = office.planned(found.rows, names, exactly=exactly, at=at)
        _say_changes(changes, rules, words)
        if dry_run:
            typer.echo(words.say("people_file", "dry", count=len(changes)))
            return
        done = office.carry_out(found.rows, names, exactly=exactly, at=at, team=team)
    except LastAdministrator:
        stop(words.say("refusal", "last_administrator"))
    typer.echo(words.say("people_file", "done", count=len(done)))


def _looked_through(
    house: House, file: Path, rules: Rules, words: Texts
) -> tuple[PeopleFile, dict[str, str]]:
    """The file when every row is good; else each bad row is named, and the program ends."""
    from bot.domain.people_file import read_people

    try:
        raw = file.read_bytes()
    except OSError as why:
        stop(said("not_read", file=str(file), why=os_fault(why)))
    found = read_people(raw, roles=_roles(), areas=_areas(rules))
    names = _employees(house, {row.person for row in found.rows})
    faults = sorted([*found.faults, *house.office.people_import.strangers(found, names)], key=_line)
    if faults:
        stop(
            *(_words(words, fault) for fault in faults),
            words.say("people_file", "nothing", count=len(faults)),
        )
    return found, names


def _line(fault: Fault) -> int:
    return fault.line


def _words(words: Texts, fault: Fault) -> str:
    from bot.texts import as_is

    return words.say("people_file", f"fault_{fault.reason}", line=fault.line, value=as_is(str(fault.value)))


def _roles() -> dict[str, Role]:
    """Every word a role may be written with: its code, and its name in both languages."""
    from bot.domain.people import Role
    from bot.texts import LANGUAGES, texts

    named = {str(texts(la).term("role", r)).casefold(): r for la in LANGUAGES for r in Role}
    return named | {r.value: r for r in Role}


def _areas(rules: Rules) -> dict[str, str]:
    named = {name.casefold(): a.code for a in rules.areas for name in a.names.values()}
    return named | {a.code: a.code for a in rules.areas}


def _employees(house: House, ids: set[str]) -> dict[str, str]:
    """The employees among them, as Slack knows them now."""
    from bot.usecases.ports import CertainlyNotSent, PerhapsSent

    assert house.directory is not None, "a house that was built knows Slack"
    try:
        found = [house.directory.find(id) for id in sorted(ids)]  # noqa: A001
    except (CertainlyNotSent, PerhapsSent) as away:
        stop(said("slack_away", code=str(away.code)))
    return {user.id: user.name for user in found if user and user.full_member}


def _say_changes(changes: tuple[Change, ...], rules: Rules, words: Texts) -> None:
    for change in changes:
        for sign, posts in (("+", change.added), ("-", change.removed)):
            for post in sorted(posts, key=lambda p: (p.role, p.area or "")):
                area = f" ({words.named(rules.area(post.area))})" if post.area else ""
                typer.echo(f"{sign} {change.name}: {words.term('role', post.role)}{area}")
