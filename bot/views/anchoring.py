"""Where a case belongs, as people see it: the proposal, the assessor's own choice, and how it got here."""

from __future__ import annotations

from bot.domain.anchoring import FACTS, Clause, RuleSet
from bot.domain.case import Case
from bot.domain.rules import Rules
from bot.texts import Public, Said, Texts, joined
from bot.usecases.anchorings import Anchored, AnchorForm, BelongingLine
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, select
from bot.views.referral import offered, terms

MOST_LINES = 8


def form(texts: Texts, rules: Rules, facts: AnchorForm, *, meta: str, fresh: str = "") -> Json:
    """The facts unfold a proposal; the area and the reason are the assessor's. The answers are kept nowhere.

    `fresh` makes the area's field a new one, so that a new proposal stands chosen in it.
    """
    page = Page(Surface.MODAL)
    _now(page, texts, rules, facts)
    if facts.may_assess:
        _assessment(page, texts, rules, facts, fresh)
    _history(page, texts, rules, facts.history)
    return page.modal(
        title=texts.say("anchoring", "title"),
        callback="anchor.assess",
        submit=texts.say("anchoring", "submit") if facts.may_assess else None,
        close=texts.say("common", "close"),
        meta=meta,
    )


def _now(page: Page, texts: Texts, rules: Rules, facts: AnchorForm) -> None:
    page.section(
        texts.say(
            "anchoring",
            "now",
            alias=facts.alias,
            key=facts.key,
            area=rules.area(facts.area),
            payer=rules.area(facts.payer) if facts.payer else None,
        )
    )


def _criteria(page: Page, texts: Texts, rules: Rules, rule_set: RuleSet) -> None:
    """The set in force, line by line, before anybody answers by it (R079, R080); who is meant, one by one (R081, R082)."""
    named = {"rule_set": Public(rule_set.name(texts.language)), "version": Public(rule_set.version)}
    said = [texts.say("anchoring", "criteria_head", **named)]
    for clause in rule_set.clauses:
        said.append(texts.say("anchoring", "clause", who=_who(texts, clause), area=rules.area(clause.area)))
        if VULNERABLE in clause.when:
            said += [
                texts.say("anchoring", "criterion", name=Public(c.name(texts.language)))
                for c in rule_set.criteria
            ]
    page.section(joined("\n", said), id="criteria")


VULNERABLE = "most_vulnerable"


def _who(texts: Texts, clause: Clause) -> Said:
    parts = [texts.term("anchor_fact", f) for f in clause.when]
    if clause.under is not None or clause.from_age:
        parts.append(texts.say("anchoring", "clause_age", under=clause.under, first=clause.from_age))
    parts += [texts.say("anchoring", "clause_unless", fact=f) for f in clause.unless]
    return joined(", ", parts) if parts else texts.say("anchoring", "clause_others")


def _assessment(page: Page, texts: Texts, rules: Rules, facts: AnchorForm, fresh: str) -> None:
    _criteria(page, texts, rules, facts.rule_set)
    page.input(
        "facts",
        texts.say("anchoring", "label_facts"),
        checkboxes(terms(texts, "anchor_fact", FACTS), initial=facts.chosen),
        hint=texts.say("anchoring", "hint_facts"),
        optional=True,
        dispatch=True,
    )
    page.section(
        texts.say(
            "anchoring",
            "proposed",
            area=rules.area(facts.proposal.area),
            stays=facts.proposal.kind == "stays",
            rule_set=Public(facts.rule_set.name(texts.language)),
            version=Public(facts.rule_set.version),
        )
    )
    named = [Choice(texts.named(a), a.code) for a in rules.areas]
    page.input(
        f"area~{fresh}", texts.say("anchoring", "label_area"), select(named, initial=facts.proposal.area)
    )
    page.input(
        "reason",
        texts.say("anchoring", "label_reason"),
        select(offered(texts, rules, "anchor"), hint=texts.say("common", "choose")),
        hint=texts.say("anchoring", "hint_reason"),
        optional=True,
    )


def _history(page: Page, texts: Texts, rules: Rules, lines: tuple[BelongingLine, ...]) -> None:
    if not lines:
        return
    said = [texts.say("anchoring", "history_head")]
    said += [_line(texts, rules, line) for line in reversed(lines[-MOST_LINES:])]
    page.divider().section(joined("\n", said))


def _line(texts: Texts, rules: Rules, line: BelongingLine) -> Said:
    return texts.say(
        "anchoring",
        f"line_{line.what}",
        area=rules.area(line.area),
        since=line.since,
        by=line.by,
        reason=texts.term("anchor_reason", line.reason),
        proposed=rules.area(line.proposed) if line.proposed and line.proposed != line.area else None,
    )


def assessed(texts: Texts, rules: Rules, case: Case) -> Said:
    """The receipt, also to a leader who has just given the case to another area."""
    return texts.say("anchoring", "assessed", alias=case.alias, area=rules.area(case.area))


def anchored(facts: Anchored, texts: Texts, rules: Rules) -> Json:
    """The leaders of the new area hear that they have a case."""
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("anchoring", "told", alias=facts.alias, key=facts.key, area=rules.area(facts.area)),
        button=Button(texts.say("common", "open"), "case.open", facts.case_id),
    )
    return page.message(texts.say("common", "news"))
