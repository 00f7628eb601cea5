"""What differs between two installations: addresses, tokens, keys. Read when asked, never at import.

Three places are looked in, and the first that knows a name wins: the environment, `.env` where the program starts, and
the folder of secret files named by INDGANG_SECRETS_DIR (one file a name). `<NAME>_FILE` names one such file directly.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.names import NameList, UnfitName, read_names
from storage.only_one import FILE, file_of

SLACK = "https://slack.com/api/"
OURS = ("SLACK_", "INDGANG_")
"""Every name that begins so is ours to know; one we do not know is a spelling mistake somebody should hear about."""

BESIDE = frozenset(
    {
        "INDGANG_SECRETS_DIR",
        "INDGANG_DEMO_DIR",  # bot/demo/launch.py
        "INDGANG_DEMO_DATABASE",  # the same
        "INDGANG_REQUIRE_BROWSER",  # tests/conftest.py
        "INDGANG_REQUIRE_PROMTOOL",  # the same
        "INDGANG_PICTURES",  # tests/support/browser.py
        "INDGANG_FIGURES",  # tests/support/browser.py
        "INDGANG_JOURNEY_JOURNAL",  # tests/journeys
        "INDGANG_JOURNEY_CALLS",  # .ci/run
    }
)
"""Names beside the settings that the program, its tests or its build read themselves."""


class Place(NamedTuple):
    """Where something listens. Port 0 means any free one; no host at all means nowhere."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


NOWHERE = Place("", 0)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the block of doctor.j2 that says it and what to do, and what it names; never a value."""

    what: str
    facts: Mapping[str, str | int]

    def __str__(self) -> str:
        return " ".join((self.what, *(f"{name}={fact}" for name, fact in self.facts.items())))


def fault(what: str, **facts: str | int) -> Fault:
    return Fault(what, facts)


class SettingsUnfit(Exception):
    """The program cannot start like this; each fault names the setting and has its words in both languages.

    `rest` is what can be looked at all the same, so that whoever mends one thing hears of the next at once: only the
    `sound` names in it mean something, and in the others' places are stand-ins.
    """

    def __init__(
        self, faults: list[Fault], rest: Settings | None = None, sound: frozenset[str] = frozenset()
    ) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults, self.rest, self.sound = faults, rest, sound


def unfit(what: str) -> PydanticCustomError:
    """Raised for a value; the fault's name becomes the words, in the reader's language."""
    return PydanticCustomError(what, "unfit")


STAND_INS = {
    "SLACK_BOT_TOKEN": "xoxb-",
    "INDGANG_KEYS": "-",
    "INDGANG_TEAM": "T0",
    "INDGANG_FIRST_ADMINISTRATOR": "U0",
}
MISSING = unfit("missing")
UNFIT = frozenset(
    {
        "unfit_api_url",
        "unfit_address",
        "unfit_bot_token",
        "unfit_app_token",
        "unfit_place",
        "unfit_database",
        "unfit_open_line",
        "unfit_servers",
        "unfit_no_folder",
        "unfit_team",
        "unfit_person",
        "unfit_no_file",
        "unfit_ca_file",
        "unfit_proxy",
        "unfit_clock",
    }
)


class Settings(BaseModel):
    """One installation. Secrets never print themselves."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True, populate_by_name=True
    )

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN")
    http: Place | None = Field(None, alias="INDGANG_HTTP")  # where Slack's requests arrive; None: Socket Mode
    address: str | None = Field(None, alias="INDGANG_ADDRESS")  # where calendars find us; None: nowhere
    slack_signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET"
    )  # None: Socket Mode only
    slack_app_token: SecretStr | None = Field(
        None, alias="SLACK_APP_TOKEN"
    )  # Socket Mode only: `serve` asks for it
    status: Place | None = Field(None, alias="INDGANG_STATUS")  # None: 127.0.0.1 at the command's own port
    slack_api_url: str = Field(SLACK, alias="SLACK_API_URL")
    database_tls: Literal["required", "off"] = Field(
        "required", alias="INDGANG_DATABASE_TLS"
    )  # off: whoever runs it says that the line to another machine is safe without
    database_url: SecretStr = Field(
        SecretStr("sqlite:///indgang.db"), alias="DATABASE_URL"
    )  # may hold a password
    keys: SecretStr = Field(alias="INDGANG_KEYS")
    team: str = Field(alias="INDGANG_TEAM")
    first_administrator: str = Field(alias="INDGANG_FIRST_ADMINISTRATOR")
    clock_url: str | None = Field(None, alias="INDGANG_CLOCK_URL")  # None: the machine's own clock
    rules: Path | None = Field(None, alias="INDGANG_RULES")  # None: the rules that come with the program
    names: Path | None = Field(None, alias="INDGANG_NAMES")  # None: nothing is asked about names
    ca_file: Path | None = Field(None, alias="INDGANG_CA_FILE")  # None: the authorities the machine trusts
    proxy: SecretStr | None = Field(None, alias="INDGANG_PROXY")  # may hold a password; None: straight out
    anchor_file: Path | None = Field(
        None, alias="INDGANG_ANCHOR_FILE"
    )  # None: the mark is in messages and log
    log: Literal["json", "plain"] = Field("json", alias="INDGANG_LOG")

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, *, folder: Path | None = None) -> Settings:
        """Reads all three places. Raises SettingsUnfit with every fault at once.

        `environment` and `folder` (where `.env` lies) are the process's own unless a test says otherwise.
        """
        values, faults = _gathered(os.environ if environment is None else environment, folder or Path.cwd())
        given, doubted = {name: value for name, value in values.items() if name in NAMES}, set[str]()
        try:
            settings = cls(**given)  # type: ignore[arg-type]
        except ValidationError as wrong:
            errors = wrong.errors(include_input=False, include_url=False)
            told = {str(one.facts.get("name")).removesuffix("_FILE") for one in faults}
            faults += [_fault(e) for e in errors if e["type"] != "missing" or _name(e) not in told]
            doubted |= {_name(error) for error in errors}
        else:
            if not faults:
                return settings
        doubted |= {str(fact).removesuffix("_FILE") for one in faults for fact in one.facts.values()}
        if any(one.what in _FOLDER_SHUT for one in faults):
            doubted |= NAMES - given.keys()  # they may lie in there
        rest = cls._of({name: value for name, value in given.items() if name not in doubted})
        raise SettingsUnfit(faults, rest, NAMES - doubted) from None

    @classmethod
    def _of(cls, sound: Mapping[str, str]) -> Settings | None:
        """With what is sound, as far as that holds together by itself."""
        try:
            return cls(**{**STAND_INS, **sound})  # type: ignore[arg-type]
        except ValidationError:
            return None

    @property
    def is_real(self) -> bool:
        """Speaks with Slack itself, not with a sandbox."""
        return _is_slack(self.slack_api_url)

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, address: str) -> str:
        if not re.match(r"https?://[^/\s]+", address):
            raise unfit("unfit_api_url")
        return address.rstrip("/") + "/"

    @field_validator("address")
    @classmethod
    def _a_public_address(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"https?://[^/\s?#]+/?", address):
            raise unfit("unfit_address")
        return address.rstrip("/") if address else None

    @field_validator("slack_bot_token")
    @classmethod
    def _a_bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith("xoxb-"):
            raise unfit("unfit_bot_token")
        return token

    @field_validator("slack_signing_secret")
    @classmethod
    def _a_secret_over_http(cls, secret: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if secret is None and others.data.get("http"):
            raise MISSING
        return secret

    @field_validator("slack_app_token")
    @classmethod
    def _an_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xapp-"):
            raise unfit("unfit_app_token")
        return token

    @field_validator("http", "status", mode="before")
    @classmethod
    def _a_place(cls, said: Any, where: ValidationInfo) -> Any:
        if not isinstance(said, str):
            return said
        if said.strip() == "off":
            return None if where.field_name == "http" else NOWHERE
        found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})", said.strip())
        if found is None or int(found[3]) > 65535:
            raise unfit("unfit_place")
        return Place(found[1] or found[2], int(found[3]))

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, address: SecretStr, others: ValidationInfo) -> SecretStr:
        text = address.get_secret_value()
        why = _unfit_file(text) if text.startswith(FILE) else unfit_server(text)
        if why == "unfit_server":
            why = "unfit_database"  # a file would do too
        if why and not (why == "unfit_open_line" and others.data.get("database_tls") == "off"):
            raise unfit(why)
        return address

    @field_validator("team")
    @classmethod
    def _a_team(cls, team: str) -> str:
        if not re.fullmatch(r"T[A-Z0-9]+", team):
            raise unfit("unfit_team")
        return team

    @field_validator("first_administrator")
    @classmethod
    def _a_person(cls, person: str) -> str:
        if not re.fullmatch(r"[UW][A-Z0-9]+", person):
            raise unfit("unfit_person")
        return person

    @field_validator("rules", "names", "ca_file")
    @classmethod
    def _a_file(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise unfit("unfit_no_file")
        return path

    @field_validator("ca_file")
    @classmethod
    def _authorities(cls, path: Path | None) -> Path | None:
        """Read as it will be: what most often lies there is a certificate in another form (DER)."""
        if path is not None:
            import ssl  # most need it later, if at all

            try:
                ssl.create_default_context(cafile=str(path))
            except OSError:
                raise unfit("unfit_ca_file") from None
        return path

    @field_validator("proxy")
    @classmethod
    def _a_proxy(cls, address: SecretStr | None) -> SecretStr | None:
        if address is not None and not _PROXY.fullmatch(address.get_secret_value()):
            raise unfit("unfit_proxy")
        return address

    @field_validator("clock_url")
    @classmethod
    def _no_time_machine_for_real(cls, address: str | None, others: ValidationInfo) -> str | None:
        if address and _is_slack(others.data.get("slack_api_url", "")):
            raise unfit("unfit_clock")
        return address


def _is_slack(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "slack.com" or host.endswith(".slack.com")


def _unfit_file(address: str) -> str | None:
    file = file_of(address)
    if "?" in address or not file.name or str(file).startswith((":memory:", "file:")):
        return "unfit_database"
    return None if file.parent.is_dir() else "unfit_no_folder"


def unfit_server(address: str) -> str | None:
    """The fault in the address of a database on a server, by the name its words have; None: there is none."""
    if not re.match(r"(postgres(ql)?|postgresql\+psycopg)://", address) or not _are_servers(address):
        return "unfit_server"
    if any(":" in server.rpartition("]")[2] for server in _servers(address)[:-1]):
        return "unfit_servers"
    return "unfit_open_line" if _is_open_line(address) else None


def _is_open_line(address: str) -> bool:
    """Leaves this machine, and the driver may talk in the clear (its own default takes what it gets)."""
    asked = parse_qs(address.partition("?")[2])
    named = ",".join([*_servers(address), *asked.get("host", []), *asked.get("hostaddr", [])])
    away = any(host.strip() and not _HERE.fullmatch(host.strip()) for host in named.split(","))
    return away and asked.get("sslmode", [""])[-1] not in ("require", "verify-ca", "verify-full")


def _servers(address: str) -> list[str]:
    return address.partition("?")[0].partition("://")[2].split("/")[0].rpartition("@")[2].split(",")


def _are_servers(address: str) -> bool:
    """Each is a name or an address, and a port is a number: a password's own `/` or `:` must not be taken for them."""
    return all(_SERVER.fullmatch(server) for server in _servers(address))


_PROXY = re.compile(r"https?://(?:[^/\s]*@)?(?:\[[^\[\]]+\]|[^/\s:@\[\]]+)(?::[0-9]{1,5})?/?")
_SERVER = re.compile(r"(?:\[[^\[\]]+\]|[^\[\]:]*)(?::[0-9]{1,5})?")
_HERE = re.compile(
    r"(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|/.*|%2[Ff].*|@.*)(?::\d*)?|:\d+", re.ASCII | re.IGNORECASE
)
"""This machine, or a socket file on it; a port alone is of this machine too."""


def names_of(settings: Settings) -> NameList:
    """The installation's own list of names, read now. Raises SettingsUnfit; a line that is wrong is numbered, never quoted."""
    if settings.names is None:
        return NameList()
    try:
        found = read_names(settings.names.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SettingsUnfit([fault("names_unreadable")]) from None
    except UnfitName as wrong:
        raise SettingsUnfit([fault("names_line", line=wrong.line)]) from None
    if not found.words:
        raise SettingsUnfit([fault("names_empty")])
    return found


def _known() -> dict[str, FieldInfo]:
    return {str(field.alias): field for field in Settings.model_fields.values()}


NAMES = frozenset(_known())


def _gathered(environment: Mapping[str, str], folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """What the three places say, the later ones overruled by the earlier, and what is wrong with them."""
    written = {name: value for name, value in dotenv_values(folder / ".env").items() if value is not None}
    named = {**_ours(written), **_ours(environment)}
    values, faults = _from_folder(named.get("INDGANG_SECRETS_DIR"))
    for place in (_ours(written), _ours(environment)):
        files, more = _from_files(place)
        values, faults = (
            {**values, **files, **{n: v for n, v in place.items() if n not in files}},
            faults + more,
        )
    unknown = sorted(name for name in values if name not in NAMES and name not in BESIDE)
    faults += [_unknown(name) for name in unknown if not _is_a_file_name(name)]
    return {name: value for name, value in values.items() if value.strip()}, faults


def _ours(place: Mapping[str, str]) -> dict[str, str]:
    return {n: v for n, v in place.items() if n.startswith(OURS) or n.removesuffix("_FILE") == "DATABASE_URL"}


_FOLDER_SHUT = ("no_secrets_folder", "secrets_folder_shut")


def _is_a_file_name(name: str) -> bool:
    return name not in NAMES and name.removesuffix("_FILE") in NAMES


def _from_folder(folder: str | None) -> tuple[dict[str, str], list[Fault]]:
    if not folder:
        return {}, []
    if not Path(folder).is_dir():
        return {}, [fault("no_secrets_folder", path=folder)]
    try:
        names = _ours({p.name: str(p) for p in sorted(Path(folder).iterdir()) if p.is_file()})
    except OSError:
        return {}, [fault("secrets_folder_shut", path=folder)]
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for name, path in names.items():
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(fault("secret_shut", name=name, path=path))
    return found, faults


def _from_files(place: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """The contents of the files that `<NAME>_FILE` names."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for name, path in place.items():
        wanted = name.removesuffix("_FILE")
        if not _is_a_file_name(name):
            continue
        if wanted in place:
            faults.append(fault("set_twice", name=wanted, other=name))
            continue
        try:
            found[wanted] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(fault("secret_unreadable", name=name, path=path))
    return found, faults


def _unknown(name: str) -> Fault:
    """Names are compared without their first word, which they share with half of the others."""
    known = {_without_first_word(n): n for n in (*NAMES, *(f"{n}_FILE" for n in NAMES), *BESIDE)}
    near = get_close_matches(_without_first_word(name), known, n=1, cutoff=0.6)
    if near:
        return fault("no_setting_but", name=name, near=known[near[0]])
    return fault("no_setting", name=name)


def _without_first_word(name: str) -> str:
    return name.partition("_")[2]


def _name(error: ErrorDetails) -> str:
    """The setting at fault. A default has no alias to be told by."""
    name = str(error["loc"][0]) if error["loc"] else ""
    return str(Settings.model_fields[name].alias) if name in Settings.model_fields else name


def _fault(error: ErrorDetails) -> Fault:
    """A fault as it is told; never the value, which may be a secret, and never the library's own words."""
    name = _name(error)
    if error["type"] == "missing":
        return fault(f"missing_{name.lower()}")
    if error["type"] == "literal_error":
        allowed = get_args(_known()[name].annotation)
        return fault("unfit_choice", name=name, allowed=" / ".join(map(str, allowed)))
    return fault(error["type"] if error["type"] in UNFIT else "unfit_other", name=name)
