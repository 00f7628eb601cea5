"""The doctor says one line a check, in plain words, and what to do about what is not well."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.doctor import check_up, examine
from bot.settings import Settings
from bot.slack.hello import Hello, NoHello
from storage.sealing import new_key
from tests.support.rows import AT

HELLO = Hello(team="T1", workspace="Byen", bot_user="UBOT", at=AT)


class Visit:
    """An installation as the doctor finds it, and what the doctor said."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.environment = {
            "SLACK_BOT_TOKEN": "xoxb-hemmelig",
            "SLACK_APP_TOKEN": "xapp-hemmelig",
            "INDGANG_KEYS": new_key(),
            "INDGANG_TEAM": "T1",
            "INDGANG_FIRST_ADMINISTRATOR": "U1",
            "DATABASE_URL": address,
        }
        self.lines: list[str] = []
        self.language = "en"

    def made(self, ask: Callable[[Settings], Hello] = lambda _: HELLO, *, clock: bool = False) -> bool:
        """Without `clock` the database's own clock is left out, since it follows the real one."""
        well = examine(
            self.lines.append,
            language=self.language,
            read=lambda: Settings.read(self.environment, folder=self.folder),
            ask=ask,
            now=lambda: AT,
        )
        complaints = [line for line in self.complaints if clock or "database's clock" not in line]
        assert all(line[0] in "✅❌" for line in self.lines)
        assert "hemmelig" not in "\n".join(self.lines)
        return well or not complaints

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.lines if line.startswith("❌") and "database's clock" not in line]


@pytest.fixture
def visit(database_address: str, tmp_path: Path) -> Visit:
    return Visit(tmp_path, database_address)


def test_all_is_well(visit: Visit):
    assert visit.made()
    assert len(visit.lines) == 10
    assert visit.complaints == []


def test_it_speaks_danish_unless_it_is_asked_otherwise(visit: Visit):
    visit.language = "da"
    visit.environment["INDGANG_KEYS"] = "secret"
    assert not visit.made(lambda _: Hello(team="T2", workspace="Byen", bot_user="UBOT", at=AT))
    said = "\n".join(visit.lines)
    assert "✅ Indstillingerne er fuldstændige." in said and "✅ Databasen (" in said
    assert "❌ INDGANG_KEYS kan ikke bruges" in said and "Ellers lav en med `indgang keys new`." in said
    assert "❌ Tokenet hører til workspacet T2, og INDGANG_TEAM siger T1. Ret det, der er forkert." in said


def test_unfit_settings_are_all_told_and_slack_is_not_asked_for_them(visit: Visit):
    del visit.environment["INDGANG_TEAM"], visit.environment["INDGANG_KEYS"]
    assert not visit.made(lambda _: pytest.fail("Slack is not asked"))
    assert [line.split()[1] for line in visit.complaints] == ["INDGANG_KEYS", "INDGANG_TEAM"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_settings_that_serve_cannot_hear_by_are_told_before_it_is_started(visit: Visit):
    """They are complete for the clock, which hears nobody."""
    del visit.environment["SLACK_APP_TOKEN"]
    assert visit.made()
    assert "`serve` needs SLACK_APP_TOKEN too, or SLACK_SIGNING_SECRET and --http." in visit.lines[0]
    visit.environment["SLACK_SIGNING_SECRET"] = "0123456789abcdef"
    assert visit.made()
    assert "✅ The settings are complete." in visit.lines


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_the_settings_that_are_well_lead_to_is_told_beside_those_that_are_not(visit: Visit):
    """All that is to be mended, at once: nobody mends one thing only to hear of the next."""
    names, rules = visit.folder / "navne.txt", visit.folder / "rules.yaml"
    names.write_text("???\n", "utf-8")
    rules.write_text("version: [", "utf-8")
    del visit.environment["INDGANG_FIRST_ADMINISTRATOR"]
    visit.environment |= {
        "INDGANG_NAMES": str(names),
        "INDGANG_RULES": str(rules),
        "INDGANG_KEYS": new_key()[:30],
        "INDGANG_CLOCK_URL": "http://127.0.0.1:1/clock",
        "DATABASE_URL": f"sqlite:///{visit.folder}/gone/town.db",
    }
    assert not visit.made(lambda _: Hello(team="T2", workspace="Naboen", bot_user="UBOT", at=AT))
    assert [" ".join(line.split()[1:4]) for line in visit.complaints] == [
        "DATABASE_URL names a",
        "INDGANG_FIRST_ADMINISTRATOR is missing.",
        "INDGANG_CLOCK_URL is for",
        "INDGANG_KEYS cannot be",
        "The rules cannot",
        "INDGANG_NAMES: line 1",
        "The token belongs",
    ]


@pytest.mark.rule("D12")
@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("kept/marks", "✅ The journal's marks can be written in INDGANG_ANCHOR_FILE."),
        ("gone/marks", "❌ INDGANG_ANCHOR_FILE names a file in a folder that is not there: "),
        ("kept", "❌ INDGANG_ANCHOR_FILE cannot be read and written: "),
        ("town/marks", "❌ INDGANG_ANCHOR_FILE lies in the database's folder: "),
    ],
)
def test_where_the_journals_marks_are_written_is_looked_at_and_nothing_is_written(
    visit: Visit, file: str, sentence: str
):
    kept, beside = (
        visit.folder / "kept",
        Path(visit.environment["DATABASE_URL"].removeprefix("sqlite:///")).parent,
    )
    kept.mkdir()
    marks = beside / "marks" if file == "town/marks" else visit.folder / file
    visit.environment["INDGANG_ANCHOR_FILE"] = str(marks)
    assert visit.made() == sentence.startswith("✅")
    assert visit.lines[-1].startswith(sentence)
    assert (marks.is_file(), list(kept.iterdir())) == (False, [])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_secrets_folder_that_is_away_is_no_reason_to_look_at_another_database(visit: Visit):
    visit.environment = {"INDGANG_SECRETS_DIR": str(visit.folder / "gone")}
    assert not visit.made(lambda _: pytest.fail("Slack is not asked"))
    assert "INDGANG_SECRETS_DIR" in visit.complaints[0]
    assert [line for line in visit.lines if "atabase (" in line] == []


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("secret", "a key is not whole base64, perhaps only half copied"),
        (
            base64.b64encode(b"the first thirty bytes of one.").decode(),
            "a key is not of 32 bytes, perhaps only half copied",
        ),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "a key is too regular to be chance"),
        (" , ", "it is empty"),
    ],
)
def test_a_key_that_cannot_seal_is_told_with_how_to_make_one_that_can(visit: Visit, key: str, why: str):
    visit.environment["INDGANG_KEYS"] = key
    assert not visit.made()
    (line,) = visit.complaints
    assert line.startswith(f"❌ INDGANG_KEYS cannot be used: {why}.")
    assert "indgang keys new" in line


def test_a_database_without_rows_needs_an_upgrade(empty_address: str, tmp_path: Path):
    visit = Visit(tmp_path, empty_address)
    assert not visit.made()
    assert visit.complaints == [
        "❌ The database is empty or does not fit this version. If it should not be empty, correct DATABASE_URL (or mount its disk); else run `indgang migrate`."
    ]


def test_a_database_that_does_not_answer_is_told_and_the_rest_is_still_looked_at(tmp_path: Path):
    visit = Visit(tmp_path, "postgresql://nobody:hemmelig@127.0.0.1:1/nothing")
    assert not visit.made()
    (line,) = visit.complaints
    assert line.startswith("❌ The database (PostgreSQL) does not answer")
    assert "✅ Slack answers: we are UBOT in Byen." in visit.lines


def complaint_of_rules(visit: Visit, file: Path, written: str) -> str:
    file.write_text(written, "utf-8")
    visit.environment["INDGANG_RULES"] = str(file)
    assert not visit.made()
    (line,) = visit.complaints
    return line


def test_rules_that_cannot_be_read_are_named(visit: Visit, tmp_path: Path):
    line = complaint_of_rules(visit, tmp_path / "rules.yaml", "version: [")
    assert "rules.yaml" in line


def test_several_faults_in_the_rules_are_one_line_without_doubled_stops(visit: Visit, tmp_path: Path):
    line = complaint_of_rules(visit, tmp_path / "rules.yaml", "a: 1\nb: 2\n")
    assert "; " in line and not any(doubled in line for doubled in (".;", "..")), line


def test_the_list_of_names_is_told_and_a_bad_one_is_named(visit: Visit, tmp_path: Path):
    names = tmp_path / "navne.txt"
    names.write_text("Ida\nAnne Marie\n", "utf-8")
    visit.environment["INDGANG_NAMES"] = str(names)
    assert visit.made()
    assert "✅ The list of names is loaded (3 words)." in visit.lines
    names.write_text("Ida\n???\n", "utf-8")
    assert not visit.made()
    assert visit.complaints == [
        "❌ INDGANG_NAMES: line 2 of the file is no name. Write one name a line, letters only."
    ]


def test_what_slack_answers_leads_to_what_to_do(visit: Visit):
    def refused(_settings: Settings) -> Hello:
        raise NoHello("invalid_auth")

    assert not visit.made(refused)
    assert visit.complaints == [
        '❌ Slack does not let us in (invalid_auth). SLACK_BOT_TOKEN is wrong: copy it again from "OAuth & Permissions".'
    ]


def test_a_token_of_another_workspace_is_seen(visit: Visit):
    assert not visit.made(lambda _: Hello(team="T2", workspace="Naboen", bot_user="UBOT", at=AT))
    assert visit.complaints == [
        "❌ The token belongs to the workspace T2, and INDGANG_TEAM says T1. Correct the one that is wrong."
    ]


def test_clocks_that_are_apart_are_told(visit: Visit):
    later = Hello(team="T1", workspace="Byen", bot_user="UBOT", at=AT + timedelta(minutes=3))
    assert not visit.made(lambda _: later)
    assert visit.complaints == [
        "❌ Slack's clock is 180 seconds from this machine's. Set both by a time server."
    ]


def test_a_sandbox_clock_that_is_away_is_told(visit: Visit):
    visit.environment |= {
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "INDGANG_CLOCK_URL": "http://127.0.0.1:1/clock",
    }
    assert not visit.made()
    (line,) = visit.complaints
    assert line.startswith("❌ The sandbox's clock does not answer")


def test_whoever_asks_in_slack_hears_before_slack_gives_up_also_of_what_is_slow(visit: Visit):
    slow = Event()

    def never(_settings: Settings) -> Hello:
        slow.wait(5)
        return HELLO

    settings = Settings.read(visit.environment, folder=visit.folder)
    began = time.monotonic()
    found = {check.code: check.well for check in check_up(settings, within=0.5, ask=never)}
    slow.set()
    assert time.monotonic() - began < 3
    assert found == {
        "keys": True,
        "database": True,
        "rules": True,
        "names": True,
        "slack": None,
        "clock": True,
    }

    def shut_out(_settings: Settings) -> Hello:
        raise NoHello("token_revoked")

    assert {check.code for check in check_up(settings, ask=shut_out) if check.well is False} == {"slack"}
