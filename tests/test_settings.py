"""Settings: three places, every fault at once, and nothing secret ever printed."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.doctor import spoken
from bot.settings import SLACK, UNFIT, Settings, SettingsUnfit, names_of
from bot.texts import texts
from storage.engine import Database
from storage.only_one import address_of, file_of
from tests.test_behind_a_proxy import Authority

WHOLE = {
    "SLACK_BOT_TOKEN": "xoxb-hemmelig",
    "SLACK_APP_TOKEN": "xapp-hemmelig",
    "INDGANG_KEYS": "hemmelig-nøgle",
    "INDGANG_TEAM": "T0BYEN",
    "INDGANG_FIRST_ADMINISTRATOR": "U0BO",
}


def faults(folder: Path, *, language: str = "en", **environment: str) -> list[str]:
    with pytest.raises(SettingsUnfit) as unfit:
        Settings.read(environment, folder=folder)
    return sentences(unfit.value, language)


def sentences(unfit: SettingsUnfit, language: str = "en") -> list[str]:
    """As the doctor and the commands say it."""
    return [spoken(texts(language), fault.what, **fault.facts) for fault in unfit.faults]


def test_the_defaults_are_slack_itself_and_a_file_beside_the_program(tmp_path: Path):
    settings = Settings.read(WHOLE, folder=tmp_path)
    assert settings.slack_api_url == SLACK
    assert settings.is_real
    assert settings.database_url.get_secret_value() == "sqlite:///indgang.db"
    assert settings.clock_url is None
    assert settings.log == "json"


def test_every_missing_name_is_told_at_once_with_what_to_do(tmp_path: Path):
    said = faults(tmp_path)
    assert [sentence.split()[0] for sentence in said] == [n for n in WHOLE if n != "SLACK_APP_TOKEN"]
    assert all(" is missing. " in sentence and sentence.endswith(".") for sentence in said)
    assert "indgang keys new" in said[1]


def test_an_empty_value_is_a_missing_one(tmp_path: Path):
    (sentence,) = faults(tmp_path, **{**WHOLE, "INDGANG_TEAM": " "})
    assert sentence.startswith("INDGANG_TEAM is missing.")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("INDGANG_KEY", "INDGANG_KEYS"),
        ("INDGANG_KEYS_FIL", "INDGANG_KEYS_FILE"),
        ("INDGANG_FIRST_ADMIN", "INDGANG_FIRST_ADMINISTRATOR"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest_right_one(tmp_path: Path, name: str, near: str):
    assert faults(tmp_path, **WHOLE, **{name: "1"}) == [f"{name} is not a setting. Did you mean {near}?"]


def test_an_unknown_name_in_the_dotenv_is_refused_too_and_others_are_left_alone(tmp_path: Path):
    (tmp_path / ".env").write_text("INDGANG_ZZZ_QQQ=1\nPATH_OF_SOMEBODY=1\n", "utf-8")
    assert faults(tmp_path, **WHOLE) == ["INDGANG_ZZZ_QQQ is not a setting. Remove it."]


def test_the_environment_wins_over_the_dotenv_which_wins_over_the_folder(tmp_path: Path):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name, value in {"INDGANG_TEAM": "TFOLDER", "INDGANG_FIRST_ADMINISTRATOR": "UFOLDER"}.items():
        (secrets / name).write_text(f"{value}\n", "utf-8")
    (secrets / "..data").mkdir()  # as Kubernetes leaves it
    (tmp_path / ".env").write_text(
        f"INDGANG_SECRETS_DIR={secrets}\nINDGANG_FIRST_ADMINISTRATOR=UDOTENV\nSLACK_APP_TOKEN=xapp-dotenv\n",
        "utf-8",
    )
    given = {n: v for n, v in WHOLE.items() if n not in ("INDGANG_TEAM", "INDGANG_FIRST_ADMINISTRATOR")}
    settings = Settings.read(given, folder=tmp_path)
    assert settings.team == "TFOLDER"
    assert settings.first_administrator == "UDOTENV"
    assert settings.slack_app_token.get_secret_value() == "xapp-hemmelig"


@pytest.mark.parametrize("name", ["INDGANG_KEYS", "SLACK_BOT_TOKEN"])
def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path, name: str):
    file = tmp_path / "secret"
    file.write_text(f"{WHOLE[name]}\n", "utf-8")
    given = {**{n: v for n, v in WHOLE.items() if n != name}, f"{name}_FILE": str(file)}
    settings = Settings.read(given, folder=tmp_path)
    held = {"INDGANG_KEYS": settings.keys, "SLACK_BOT_TOKEN": settings.slack_bot_token}[name]
    assert held.get_secret_value() == WHOLE[name]


def test_a_secret_both_in_a_file_and_beside_it_is_refused(tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text("x", "utf-8")
    assert faults(tmp_path, **WHOLE, INDGANG_KEYS_FILE=str(file)) == [
        "INDGANG_KEYS and INDGANG_KEYS_FILE are both set. Keep one of them."
    ]


def test_a_secret_file_that_is_not_there_is_told_once_and_plainly(tmp_path: Path):
    given = {n: v for n, v in WHOLE.items() if n != "INDGANG_KEYS"}
    (said,) = faults(tmp_path, **given, INDGANG_KEYS_FILE="/nowhere/key")
    assert said.startswith("INDGANG_KEYS_FILE names a file that cannot be read: /nowhere/key.")


def test_a_secret_in_the_folder_that_cannot_be_read_is_told_with_its_file(tmp_path: Path):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "INDGANG_KEYS").write_bytes(b"\xff\xfe")
    given = {n: v for n, v in WHOLE.items() if n != "INDGANG_KEYS"}
    (said,) = faults(tmp_path, **given, INDGANG_SECRETS_DIR=str(folder))
    assert said.startswith(f"INDGANG_KEYS cannot be read: {folder / 'INDGANG_KEYS'}.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-hemmelig"),
        ("SLACK_APP_TOKEN", "xoxb-hemmelig"),
        ("SLACK_API_URL", "hemmelig"),
        ("DATABASE_URL", "mysql://root:hemmelig@vært/db"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///%3Amemory%3A"),
        ("DATABASE_URL", "sqlite:///file:hemmelig.db?uri=true"),
        ("DATABASE_URL", "postgresql://bot:hem/melig@localhost/indgang"),
        ("DATABASE_URL", "postgresql://localhost:hemmelig/indgang"),
        ("DATABASE_URL", "postgresql://[::1/hemmelig"),
        ("DATABASE_URL", "postgresql://hemmelig@127.0.0.1:1,127.0.0.1:2/indgang"),
        ("DATABASE_URL", "sqlite:////hemmelig/sted/town.db"),
        ("INDGANG_TEAM", "hemmelig"),
        ("INDGANG_FIRST_ADMINISTRATOR", "hemmelig"),
        ("INDGANG_RULES", "/hemmelig/sted"),
        ("INDGANG_CA_FILE", "/hemmelig/sted"),
        ("INDGANG_CA_FILE", __file__),
        ("INDGANG_PROXY", "hemmelig:3128"),
        ("INDGANG_PROXY", "ftp://hemmelig"),
        ("INDGANG_PROXY", "http://hemmelig:abc"),
        ("INDGANG_NAMES", "/hemmelig/sted"),
        ("INDGANG_LOG", "hemmelig"),
    ],
)
def test_an_unfit_value_is_told_by_name_and_never_quoted(tmp_path: Path, name: str, value: str):
    (sentence,) = faults(tmp_path, **{**WHOLE, name: value})
    assert sentence.startswith(name)
    assert "hemmelig" not in sentence
    assert sentence.endswith(".")


UNFIT_VALUES = {
    "SLACK_BOT_TOKEN": "xoxp-hemmelig",
    "SLACK_APP_TOKEN": "xoxb-hemmelig",
    "SLACK_API_URL": "hemmelig",
    "INDGANG_HTTP": "hemmelig",
    "INDGANG_ADDRESS": "hemmelig",
    "INDGANG_STATUS": "hemmelig",
    "DATABASE_URL": "mysql://root:hemmelig@vært/db",
    "INDGANG_TEAM": "hemmelig",
    "INDGANG_FIRST_ADMINISTRATOR": "hemmelig",
    "INDGANG_RULES": "/hemmelig/sted",
    "INDGANG_LOG": "hemmelig",
    "INDGANG_DATABASE_TLS": "hemmelig",
}


def test_each_fault_is_said_in_danish_with_the_name_at_fault_and_what_to_do(tmp_path: Path):
    """No word of the library's own is among them, and each has a second sentence: the thing to do."""
    said = faults(tmp_path, language="da", **UNFIT_VALUES, INDGANG_KEYS_FILE="/intet/sted")
    named = {
        name
        for name in (
            *UNFIT_VALUES,
            "INDGANG_KEYS",
            "INDGANG_KEYS_FILE",
        )  # that it is missing is not the thing to mend
        for s in said
        if s.startswith(name + " ")
    }
    assert named == {*UNFIT_VALUES, "INDGANG_KEYS_FILE"}
    assert [s for s in said if not s.endswith(".") or s.count(". ") < 1] == []
    assert [s for s in said if re.search(r"\b(must|is|should|input|value|the)\b", s, re.IGNORECASE)] == []
    assert "hemmelig" not in "\n".join(said)


@pytest.mark.parametrize("language", ["da", "en"])
def test_whatever_the_library_finds_has_words_that_name_the_setting(language: str):
    for what in UNFIT | {"unfit_other"}:
        assert spoken(texts(language), what, name="INDGANG_X").count(". ") >= 1


def test_a_time_machine_and_slack_itself_are_refused_together(tmp_path: Path):
    clock = {"INDGANG_CLOCK_URL": "http://127.0.0.1:8420/clock"}
    (sentence,) = faults(tmp_path, **WHOLE, **clock)
    assert sentence.startswith("INDGANG_CLOCK_URL is for the sandbox only")
    for written in ("https://SLACK.com/api", "https://slack.com:443/api/", "https://www.slack.com/api/"):
        assert faults(tmp_path, **WHOLE, **clock, SLACK_API_URL=written) == [sentence]
    sandbox = Settings.read({**WHOLE, **clock, "SLACK_API_URL": "http://127.0.0.1:8420/api"}, folder=tmp_path)
    assert sandbox.slack_api_url == "http://127.0.0.1:8420/api/"
    assert not sandbox.is_real


def test_nothing_secret_is_ever_printed(tmp_path: Path):
    given = {
        **WHOLE,
        "DATABASE_URL": "postgresql://bot:hemmelig@db/indgang?sslmode=verify-full",
        "INDGANG_PROXY": "http://u:hemmelig@proxy",
    }
    settings = Settings.read(given, folder=tmp_path)
    assert "hemmelig" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_settings_do_not_change_under_way(tmp_path: Path):
    with pytest.raises(ValueError, match="frozen"):
        Settings.read(WHOLE, folder=tmp_path).team = "T0ANDEN"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"Ida\n12345 hemmelig\n", "INDGANG_NAMES: line 2 of the file is no name."),
        (b"# ingen endnu\n", "INDGANG_NAMES names a file without a name."),
        (b"Bj\xf8rn hemmelig", "INDGANG_NAMES names a file that cannot be read as UTF-8 text."),
    ],
)
def test_a_list_of_names_that_cannot_be_used_is_told_and_never_quoted(
    tmp_path: Path, held: bytes, said: str
) -> None:
    (tmp_path / "navne.txt").write_bytes(held)
    settings = Settings.read({**WHOLE, "INDGANG_NAMES": str(tmp_path / "navne.txt")}, folder=tmp_path)
    with pytest.raises(SettingsUnfit) as unfit:
        names_of(settings)
    (fault,) = sentences(unfit.value)
    assert fault.startswith(said)
    assert "hemmelig" not in fault


@pytest.mark.parametrize("folder", ["ind gang", "100%25", "æøå+#;"])
def test_the_folder_looked_for_is_the_one_sqlite_opens(tmp_path: Path, folder: str):
    """An address writes a blank as %20, and a % as %25; a name from the machine is written so by `address_of`."""
    (tmp_path / unquote(folder)).mkdir()
    database = Database(address_of(tmp_path / unquote(folder) / "a.db"))
    database.clock()
    database.close()
    for address in (f"sqlite:///{tmp_path}/{folder}/a.db", database.address):
        read = Settings.read({**WHOLE, "DATABASE_URL": address}, folder=tmp_path)
        assert file_of(read.database_url.get_secret_value()).is_file()


@pytest.mark.parametrize(
    "address",
    ["http://proxy:3128", "http://bot:p%40ss@proxy.kommune.dk:8080/", "http://[::1]:3128", "https://p"],
)
def test_a_proxy_is_named_as_those_who_run_it_name_it(tmp_path: Path, address: str):
    read = Settings.read({**WHOLE, "INDGANG_PROXY": address}, folder=tmp_path)
    assert read.proxy and read.proxy.get_secret_value() == address


def test_authorities_are_read_before_anything_starts(tmp_path: Path):
    """As it must be; the same as Windows writes it (DER), empty, torn."""
    file = Authority(tmp_path).file
    assert Settings.read({**WHOLE, "INDGANG_CA_FILE": str(file)}, folder=tmp_path).ca_file == file
    pem = file.read_text("ascii")
    for content in (ssl.PEM_cert_to_DER_cert(pem), b"", pem[:300].encode()):
        file.write_bytes(content)
        (sentence,) = faults(tmp_path, **WHOLE, INDGANG_CA_FILE=str(file))
        assert sentence.startswith("INDGANG_CA_FILE names a file that holds no certificates in PEM")


OPEN_LINES = (
    "postgresql://bot:hemmelig@db/indgang",
    "postgres://bot@10.0.0.5:5432/indgang?sslmode=prefer",
    "postgresql+psycopg://bot@db.kommune.dk/indgang?sslmode=disable&connect_timeout=3",
    "postgresql://localhost,db/indgang",
    "postgresql:///indgang?host=db",
    "postgresql://localhost/indgang?hostaddr=10.0.0.5",
    "postgresql://bot:a@localhost@db/indgang",
)
SAFE_LINES = (
    "postgresql://bot:hemmelig@db/indgang?sslmode=verify-full",
    "postgresql://bot@db,db2:5433/indgang?target_session_attrs=read-write&sslmode=require",
    "postgresql://localhost:5432/indgang",
    "postgresql://bot@127.0.0.1/indgang",
    "postgresql://bot@[::1]:5432/indgang",
    "postgresql://bot:%2F%3A%40@localhost/indgang",
    "postgresql:///indgang",
    "postgresql:///indgang?host=/run/postgresql",
    "postgresql://bot@/indgang?host=db:5432&host=db2:5433&sslmode=require",
    "postgresql://%2Frun%2Fpostgresql/indgang",
    "sqlite:///indgang.db",
)


@pytest.mark.parametrize("address", OPEN_LINES)
def test_a_database_elsewhere_is_not_spoken_with_in_the_clear(tmp_path: Path, address: str):
    (sentence,) = faults(tmp_path, **WHOLE, DATABASE_URL=address)
    assert sentence.startswith("DATABASE_URL names a server on another machine and does not demand TLS.")
    assert "hemmelig" not in sentence
    allowed = Settings.read(
        {**WHOLE, "DATABASE_URL": address, "INDGANG_DATABASE_TLS": "off"}, folder=tmp_path
    )
    assert allowed.database_tls == "off"


@pytest.mark.parametrize("address", SAFE_LINES)
def test_a_database_here_or_behind_tls_is(tmp_path: Path, address: str):
    assert Settings.read({**WHOLE, "DATABASE_URL": address}, folder=tmp_path).database_tls == "required"
