"""The citizen's page as parts to print: headings, lines and blanks, in one language; then as HTML for a browser's printer."""

from __future__ import annotations

import html
from dataclasses import dataclass

from bot.documents.printed import plain
from bot.domain.rules import Rules
from bot.texts import Texts
from bot.usecases.plan_sheets import PlanSheet, SheetMeasure
from bot.views import recommendation as rec


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it; `blanks` are filled in by hand."""

    heading: str
    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanPage:
    title: str
    language: str
    parts: tuple[Part, ...]
    foot: str


def plan_page(sheet: PlanSheet, texts: Texts, rules: Rules) -> PlanPage:
    """In plain words, to »du«. The name is written on the paper by hand: it never enters here (D1)."""

    def say(block: str, **facts: object) -> str:
        return plain(texts.say("plan_page", block, **facts))

    goals = tuple(plain(texts.term("goal", g)) for g in sheet.goals)
    help_ = tuple(_measure(m, texts, rules) for m in sheet.measures)
    money = rec.purposes(texts, rules, sheet.purposes) if sheet.purposes else None
    parts = (
        Part(say("head_who"), blanks=(say("blank_name"), say("blank_caseworker"), say("blank_phone"))),
        Part(say("head_goals"), lines=() if goals else (say("no_goals"),), points=goals),
        Part(say("head_help"), lines=() if help_ else (say("no_help"),), points=help_),
        *((Part(say("head_money"), lines=(say("money", purposes=money),)),) if money else ()),
        Part(
            say("head_next"),
            lines=(
                say("next", day=sheet.follow_up_on) if sheet.follow_up_on else say("no_next"),
                say("change"),
            ),
        ),
        Part(say("head_rights"), lines=(say("rights"),)),
    )
    return PlanPage(
        say("title"), texts.language, parts, say("foot", day=sheet.decided_on, changed=sheet.changed_on)
    )


def _measure(m: SheetMeasure, texts: Texts, rules: Rules) -> str:
    facts = {"measure": rules.measure(m.code), "area": rec.area(texts, rules, m.area), "day": m.planned_on}
    return plain(texts.say("plan_page", "measure_on" if m.started else "measure", **facts))


def as_html(page: PlanPage) -> str:
    """One page that prints as it looks; no script, nothing fetched from anywhere."""
    body = "".join(_part(part) for part in page.parts)
    return (
        f'<!doctype html>\n<html lang="{page.language}"><head><meta charset="utf-8">'
        f"<title>{html.escape(page.title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{html.escape(page.title)}</h1>{body}</main>"
        f"<footer>{html.escape(page.foot)}</footer></body></html>\n"
    )


def _part(part: Part) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in part.lines)
    points = "".join(f"<li>{html.escape(point)}</li>" for point in part.points)
    blanks = "".join(f'<p class="blank">{html.escape(blank)}: <span></span></p>' for blank in part.blanks)
    listed = f"<ul>{points}</ul>" if points else ""
    return f"<section><h2>{html.escape(part.heading)}</h2>{lines}{listed}{blanks}</section>"


_STYLE = (
    "@page{size:A4;margin:20mm}body{font:12pt/1.5 sans-serif;max-width:42em;margin:2em auto;color:#111}"
    "h1{font-size:20pt}h2{font-size:14pt;margin:1em 0 .2em}p,ul{margin:.2em 0}"
    ".blank{display:flex}.blank span{flex:1;border-bottom:1px solid #111;margin-left:.5em}"
    "footer{margin-top:2em;font-size:10pt}"
)
