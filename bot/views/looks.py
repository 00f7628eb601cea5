"""Who saw what, as it is read: the watch, the log of a case, and a month's sample to sign."""

from __future__ import annotations

from bot.domain.calendar import local
from bot.domain.looks import Outcome, Sample
from bot.domain.rules import Rules
from bot.texts import Privacy, Said, Texts, joined
from bot.usecases.looks import CaseLog, LogLine, SampleView, Watch
from bot.views.kit import Button, Choice, Json, Page, Surface, radio, text_field

MOST = 20
MOST_IN_A_BLOCK = 10


def watch_part(page: Page, texts: Texts, _rules: Rules, found: Watch) -> None:
    check = found.check
    page.section(
        joined(
            "\n",
            [
                texts.say(
                    "looks",
                    "journal",
                    day=check.day if check else None,
                    whole=not check or check.verdict.whole,
                ),
                texts.say(
                    "looks",
                    "watch",
                    month=found.month,
                    looks=found.looks,
                    emergencies=found.emergencies,
                    refused=found.refused,
                ),
                texts.say("looks", "slack", count=found.old_messages),
                texts.say("looks", "overdue", count=found.overdue_samples),
            ],
        )
    )
    page.buttons(Button(texts.say("looks", "find"), "looks.form"))


def form(texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.input(
        "key", texts.say("looks", "label_key"), text_field(most=12), hint=texts.say("looks", "hint_key")
    )
    return page.modal(
        title=texts.say("looks", "title"),
        callback="looks.show",
        submit=texts.say("looks", "show"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def log(texts: Texts, found: CaseLog) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("looks", "log_head", key=found.key, count=len(found.lines)))
    _lines(page, texts, found.lines[:MOST], with_key=False)  # the heading says which
    if len(found.lines) > MOST:
        page.context(texts.say("looks", "more", count=len(found.lines) - MOST, key=found.key))
    return page.modal(
        title=texts.say("looks", "title"), callback="looks.log", close=texts.say("common", "close")
    )


def samples_part(page: Page, texts: Texts, _rules: Rules, samples: tuple[Sample, ...]) -> None:
    for sample in samples[:2]:
        label = texts.say("looks", "sign_named", month=sample.month)
        page.section(
            texts.say("looks", "sample", month=sample.month, count=len(sample.looks)),
            button=Button(texts.say("looks", "look"), "looks.sample", sample.id, label=label),
        )


def told(sample: Sample, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("looks", "sample", month=sample.month, count=len(sample.looks)),
        button=Button(texts.say("looks", "look"), "looks.sample", sample.id),
    )
    return page.message(texts.say("common", "notification"))


def sample_form(texts: Texts, view: SampleView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.context(texts.say("looks", "sample_what", of=view.sample.of))
    _lines(page, texts, view.lines[:MOST])
    if len(view.lines) > MOST:
        page.context(texts.say("looks", "more_in_sample", count=len(view.lines) - MOST))
    choices = [Choice(texts.say("looks", f"outcome_{o}"), o.value) for o in Outcome]
    page.input("outcome", texts.say("looks", "label_outcome"), radio(choices))
    return page.modal(
        title=texts.say("looks", "title_sample"),
        callback="looks.sign",
        submit=texts.say("looks", "sign"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _lines(page: Page, texts: Texts, lines: tuple[LogLine, ...], *, with_key: bool = True) -> None:
    for first in range(0, len(lines), MOST_IN_A_BLOCK):
        shown = lines[first : first + MOST_IN_A_BLOCK]
        page.section(joined("\n", [line_of(texts, x, with_key=with_key) for x in shown]))


def cells_of(texts: Texts, line: LogLine) -> list[str]:
    """One line of the file: when (local), who, roles, what, whether it was a look, where, and a written reason."""
    return [
        local(line.at).isoformat(sep=" ", timespec="seconds"),
        line.by or str(texts.say("looks", "the_clock")),
        ", ".join(texts.term("role", r) for r in line.roles),
        str(_act(texts, line)),
        str(texts.say("common", "yes" if line.look else "no")),
        line.surface,
        line.why or "",
    ]


def _act(texts: Texts, line: LogLine) -> Said:
    known = texts.has("terms", f"act_{line.act}")
    return texts.term("act", line.act) if known else Said(line.act.replace("_", " "), Privacy.P1_COMMITTEE)


def line_of(texts: Texts, line: LogLine, *, with_key: bool = True) -> Said:
    roles = joined(", ", [texts.term("role", r) for r in line.roles])
    return texts.say(
        "looks",
        "line",
        at=local(line.at),
        day=local(line.at).date(),
        by=line.by,
        roles=roles,
        act=_act(texts, line),
        key=line.key if with_key else None,
        why=line.why,
    )
