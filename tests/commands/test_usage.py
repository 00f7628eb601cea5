"""The command line's own words: the help and what was typed wrongly, in Danish unless English is asked for."""

from __future__ import annotations

import os
import resource
from errno import ENOSPC
from pathlib import Path
from signal import SIGHUP, SIGTERM, raise_signal
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.plain import ended_tidily, write_out
from bot.commands.usage import Commands, _sentence
from bot.texts import LANGUAGES
from storage.archive import new_archive

BACKUP = """\
Sådan: indgang backup [TILVALG] FIL

Alt, hvad botten husker, som det var i ét øjeblik, i én fil, mens alle arbejder.

Efter kommandoen:
  FIL  Filen, der skrives (.zip); den må ikke være der. En mappe: filen får navn
       efter minuttet, UTC.

Tilvalg:
  --keep-days DAGE  Slet derefter kopier ved siden af, der er ældre end så mange
                    dage: 35.
  --help            Vis dette.
"""


def typed(line: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, line.split(), prog_name="indgang", catch_exceptions=False)
    return told.exit_code, told.output


@pytest.fixture(autouse=True)
def _a_danish_machine(_an_english_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "da")


def test_the_help_is_danish_where_the_machine_is():
    assert typed("backup --help") == (0, BACKUP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_its_words(language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANGUAGE", language)
    used = {"da": "Sådan: ", "en": "Usage: "}[language]
    for context in contexts(typer.main.get_command(app), "indgang", None):
        assert context.get_help().startswith(used + context.command_path)


def contexts(command: Any, name: str, parent: Any) -> list[Any]:
    here = command.context_class(command, info_name=name, parent=parent)
    inner = getattr(command, "commands", {})
    return [here, *(context for name in inner for context in contexts(inner[name], name, here))]


@pytest.mark.parametrize(
    ("line", "sentence", "english"),
    [
        ("bakup", "Der er ingen kommando »bakup«. Mente du backup?", 'There is no command "bakup". Did you mean backup?'),
        ("\x1b[2J", "Der er ingen kommando »?[2J«.", 'There is no command "?[2J".'),
        ("serve --wrkers 2", "Der er intet tilvalg --wrkers. Mente du --workers?", "There is no option --wrkers. Did you mean --workers?"),
        ("plan", "NØGLE mangler. Sagens nøgle, fx 26-0042.", "KEY is missing. The case's key, such as 26-0042."),
        ("calendar", "--out mangler. Filen, der skrives (.ics).", "--out is missing. The file to write (.ics)."),
        ("calendar --out", "--out skal have noget efter sig.", "--out must have something after it."),
        ("doctor --confirm=ja", "--confirm står alene; fjern det, der er sat på.", "--confirm stands alone; remove what is put to it."),
        ("backup a.zip b.zip", "Kommandoen tager ikke »b.zip«. Fjern det, eller sæt det, der hører sammen, i anførselstegn.", 'The command does not take "b.zip". Remove it, or put what belongs together in quotation marks.'),
        ("serve --workers 99", "--workers skal være et helt tal fra 1 til 16.", "--workers must be a whole number from 1 to 16."),
        ("backup b.zip --keep-days x", "--keep-days skal være et helt tal på mindst 1.", "--keep-days must be a whole number of at least 1."),
        ("report status --as-of i-går", "--as-of skal være en dag, fx 2026-11-28.", "--as-of must be a day, such as 2026-11-28."),
        ("report status --format pdf", "--format skal være en af disse: text, csv, xlsx, docx.", "--format must be one of these: text, csv, xlsx, docx."),
        ("restored i-går", 'TID skal være et tidspunkt i anførselstegn, fx "2026-11-28 03:00".', 'TIME must be a time in quotation marks, such as "2026-11-28 03:00".'),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_told_in_the_machines_language(
    line: str, sentence: str, english: str, monkeypatch: pytest.MonkeyPatch
):
    code, told = typed(line)
    assert (code, told.splitlines()[0]) == (2, sentence)
    monkeypatch.setenv("LANGUAGE", "en")
    code, told = typed(line)
    assert (code, told.splitlines()[0]) == (2, english)


def test_a_wrong_command_is_told_how_it_is_typed_and_where_to_read_more():
    assert typed("plan")[1].splitlines()[1:] == [
        "Sådan: indgang plan [TILVALG] NØGLE --as U… --out FIL",
        "Mere: `indgang plan --help`.",
    ]


def test_the_language_that_is_named_counts_also_where_the_rest_cannot_be_read():
    assert typed("report status --lang en --format pdf")[1].startswith("--format must be one of these")
    assert typed("report status --language=en --help")[1].startswith("Usage: ")


def test_a_file_that_the_user_may_not_read_is_told_to_be_that():
    """Whoever runs the stories may read everything, so it is not typed here."""
    commands: Any = typer.main.get_command(app)
    wrong = typer.BadParameter("", param=commands.commands["restore"].params[0])
    assert _sentence(wrong) == "FIL skal være noget, brugeren må læse: se efter, hvem der ejer det."


def test_no_command_at_all_is_answered_with_those_there_are():
    code, told = typed("report")
    assert (code, told.splitlines()[0]) == (2, "Sådan: indgang report [TILVALG] KOMMANDO")
    assert "  rammer        Rammerne efter betaler, måned og nøgle" in told


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "Afbrudt. Det, der var gjort færdigt, står; resten er, som det var."),
        (OSError(ENOSPC, "x"), 2, "Svaret kan ikke skrives dér, hvor det skulle hen (disken er fuld). "),
    ],
)
def test_what_is_broken_off_or_cannot_be_written_is_said(fault: BaseException, code: int, sentence: str):
    commands = Commands()

    def answer() -> None:
        raise fault

    for name in ("one", "other"):  # with one alone there is no group
        commands.command(name)(answer)
    told = CliRunner().invoke(commands, ["one"], catch_exceptions=False)
    assert (told.exit_code, told.output.startswith(sentence)) == (code, True)


@pytest.mark.parametrize("number", [SIGTERM, SIGHUP])
def test_half_a_backup_is_taken_away_by_whoever_is_told_to_end(number: int, tmp_path: Path):
    with pytest.raises(KeyboardInterrupt), ended_tidily(), new_archive(tmp_path / "half.zip"):
        assert len(list(tmp_path.iterdir())) == 1
        raise_signal(number)
    assert list(tmp_path.iterdir()) == []


def test_half_a_file_is_taken_away_where_the_disk_takes_no_more(tmp_path: Path):
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_out(tmp_path / "plan.docx", bytes(200_000))
        except SystemExit as ended:
            os._exit(int(str(ended.code)))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert list(tmp_path.iterdir()) == []
