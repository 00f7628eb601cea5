"""The words people type after a command, in both languages, and the nearest right one when they slip."""

from __future__ import annotations

from difflib import get_close_matches

SHORT = 3
NEW = frozenset({"ny", "opret", "new", "create", "nysag"})
MINE = frozenset({"mine", "my", "liste", "list"})
ADJUST = frozenset({"juster", "justér", "justering", "adjust"})
MUST = frozenset({"udvalg", "udvalget", "skal det", "skal den", "must it"})
"""»Skal« alone may be the beginning of an alias."""
EMERGENCY = frozenset({"nødadgang", "nodadgang", "noedadgang", "nød", "emergency"})
FIND = frozenset({"find", "søg", "soeg", "søge", "vis", "show", "search", "åbn", "aabn", "open"})


def first_word(text: str) -> tuple[str, str]:
    """The first word in lower case, and the rest as it was typed."""
    word, _, rest = text.strip().partition(" ")
    return word.casefold(), rest.strip()


def nearest(word: str, known: frozenset[str]) -> str | None:
    """The known word that was most likely meant; of short words one with the same first letter and one other wrong."""
    found = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if not found and len(word) <= SHORT:
        found = [k for k in sorted(known) if len(k) == len(word) == SHORT - 1 and k[0] == word[0]][:1]
    return found[0] if found else None


HELP = frozenset({"hjælp", "hjaelp", "help", "?"})
SETTINGS = frozenset({"indstillinger", "indstilling", "settings", "sprog", "language"})
REPORTS = frozenset({"rapport", "rapporter", "report", "reports"})
REPORT_NAMES: dict[str, str] = {
    "sagstælling": "case_count",
    "sagstaelling": "case_count",
    "count": "case_count",
    "status": "status",
    "statusnotat": "status",
    "evaluering": "evaluation",
    "evaluation": "evaluation",
    "rammer": "frames",
    "rammeoverblik": "frames",
    "frames": "frames",
}
FORWARD: dict[str, str] = {
    "sag": "/sag",
    "sager": "/sag",
    "case": "/sag",
    "henvis": "/henvis",
    "henvisning": "/henvis",
    "refer": "/henvis",
    "ramme": "/ramme",
    "frame": "/ramme",
    "opfølgning": "/opfolgning",
    "opfolgning": "/opfolgning",
    "opfoelgning": "/opfolgning",
    "frist": "/opfolgning",
    "follow-up": "/opfolgning",
    "followup": "/opfolgning",
    "dagsorden": "/dagsorden",
    "agenda": "/dagsorden",
}
"""`/indgang …` works in front of all of them, with the letters phones write (A13)."""

_SUBCOMMANDS: dict[str, frozenset[str]] = {
    "/sag": NEW | MINE | FIND | ADJUST | MUST,
    "/indgang": frozenset(FORWARD) | HELP | SETTINGS | REPORTS,
}


def meant(command: str, text: str) -> str | None:
    """The whole command that was most likely meant, such as `/sag ny`; None when nothing is near."""
    word, _ = first_word(text)
    known = _SUBCOMMANDS.get(command, frozenset())
    if not word or word in known:
        return None
    near = nearest(word, known)
    return f"{command} {near}" if near else None
