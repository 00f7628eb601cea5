"""The live meeting: one form, updated in place item by item; only what was chosen unfolds (A7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.decision import CHANGED, OTHER_PART, OUT_OF_SCOPE, POINTS, POSTPONED, kept_keys, points_of
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.presentation import (
    FOLLOW_UP_OUTCOMES,
    GOALS,
    PARTICIPATION,
    Kind,
    Recommendation,
)
from bot.domain.rules import Rules
from bot.domain.tracks import Mode
from bot.texts import Said, Texts, colleague, joined
from bot.texts.formats import as_typed
from bot.usecases.session_facts import ItemView, Overview, OverviewLine, StartView
from bot.views import item_question, target_group
from bot.views.kit import (
    Button,
    Choice,
    Field,
    Json,
    Page,
    Surface,
    checkboxes,
    multi_select,
    person_select,
    radio,
    select,
    text_field,
)
from bot.views.memory import lamp_words, memory_words
from bot.views.recommendation import list_of, numbered_points
from bot.views.referral import offered, terms

ONLY_TALK = (Kind.DOUBT, Kind.BRIEFING, Kind.ADVISORY)
"""Kinds nobody recommends anything for."""

ALSO = {
    "reservation": "reservations",
    "dissent": "dissent",
    "conflict": "conflicted",
    "mandate": "without_mandate",
}
ADOPTED = "adopted"
"""Another body's recommendation is the decision: which body (R143)."""


def start_form(texts: Texts, view: StartView, *, meta: str) -> Json:
    """Who is here: all ticked, regrets known; the mandates in one line. While the meeting is on, it goes on from here."""
    meeting = view.meeting
    on = meeting.state == MeetingState.IN_SESSION
    page = Page(Surface.MODAL)
    page.section(texts.say("session", "start_head", day=meeting.day, starts=meeting.starts, items=view.items))
    people = [Choice(colleague(name), id) for id, name in view.people]  # noqa: A001
    page.input("here", texts.say("session", "label_here"), checkboxes(people, initial=view.here))
    page.context(
        texts.say(
            "session", "mandates", answered=view.answered, possible=view.possible, silent=list(view.silent)
        ),
        *([texts.say("session", "conflicts", count=view.conflicts)] if view.conflicts else []),
    )
    return page.modal(
        title=texts.say("session", "resume_start" if on else "title_start"),
        callback="session.start",
        submit=texts.say("session", "submit_resume" if on else "submit_start"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def item_form(texts: Texts, rules: Rules, view: ItemView, *, meta: str, fresh: str) -> Json:
    """`fresh` names the fields of this item, so that Slack keeps nothing of the one before."""
    texts = texts.about(view.band)
    page = Page(Surface.MODAL)
    _head(page, texts, rules, view)
    fields = _Fields(page, texts, rules, view, fresh)
    fields.choice()
    fields.participation()
    fields.unfolded()
    fields.also()
    fields.goto()
    return page.modal(
        title=texts.say("session", "title_item", number=view.item.number, last=view.last_number),
        callback="session.item",
        submit=texts.say("session", "submit_item"),
        close=texts.say("session", "close_item"),
        meta=meta,
        tell_on_close=True,
    )


def _head(page: Page, texts: Texts, rules: Rules, view: ItemView) -> None:
    if view.overtaken:
        page.section(
            texts.say("session", "overtaken", by=view.overtaken.by, at=view.overtaken.at), id="overtaken"
        )
    starts = view.item.starts
    ends = (datetime.combine(date.min, starts) + timedelta(minutes=view.item.minutes)).time()
    page.section(
        texts.say(
            "session",
            "head",
            alias=view.alias,
            key=view.key,
            kind=view.presentation.kind,
            first=starts,
            last=ends,
            now=view.now,
        ),
        id="head",
    )
    if view.disqualified:
        names = [view.names[p] for p in view.disqualified]
        page.context(texts.say("session", "disqualified", people=names))
    if view.memory:
        page.section(memory_words(texts, rules, view.memory), id="memory")
    if view.lamp and view.lamp.missing:
        page.context(lamp_words(texts, rules, view.lamp))
    if view.questions:
        page.section(item_question.lines(texts, view.questions), id="questions")
    for one in view.beside:
        page.section(
            texts.say(
                "session", "beside_closes" if one.closes else "beside", number=one.number, kind=one.kind
            ),
            id=f"beside{one.number}",
        )
    _time(page, texts, view)
    if rules.mode == Mode.ADVISORY:
        page.context(texts.say("session", "advisory"))
    if view.consent_missing:
        target_group.on_page(page, texts, view.presentation.case_id, may=True)
    if view.presentation.exemption:
        page.context(texts.say("session", "exemption", reason=view.presentation.exemption))
    if view.discussion:
        page.section(texts.say("session", "discussion"), id="discussion")
    points = numbered_points(
        texts, rules, view.presentation.kind, view.presentation.recommendation, view.names
    )
    if not points and view.presentation.kind in ONLY_TALK:
        asked = view.presentation.questions[:1] if view.presentation.kind == Kind.ADVISORY else ()
        page.section(texts.say("session", "only_talk", question=next(iter(asked), None)), id="recommendation")
        return
    block = "recommendation" if points else "no_recommendation"
    area = texts.named(rules.area(view.presentation.area))  # R142: who recommends
    page.section(texts.say("session", block, points=joined("\n", points), area=area), id="recommendation")


def _time(page: Page, texts: Texts, view: ItemView) -> None:
    """How late it is; what will not be reached can be put off in one press, and that undone (A7)."""
    if view.late_minutes or view.may_put_off:
        offer = Button(texts.say("session", "put_off"), "session.put_off") if view.may_put_off else None
        said = texts.say("session", "late", minutes=view.late_minutes, beyond=view.out_of_reach)
        page.section(said, button=offer, id="late")
    if view.put_off:
        label = texts.say("session", "put_off_undo_named")
        undo = Button(texts.say("common", "undo"), "session.put_off.undo", label=label)
        day = next((d for d in view.put_off if d), None)
        page.section(
            texts.say("session", "put_off_stands", count=len(view.put_off), day=day),
            button=undo,
            id="put_off",
        )


class _Fields:
    """The form's fields, each with what stands in the draft."""

    def __init__(self, page: Page, texts: Texts, rules: Rules, view: ItemView, fresh: str) -> None:
        self._page, self._texts, self._rules, self._view = page, texts, rules, view
        self._fresh = fresh
        self._draft = view.decision
        self._shown: Recommendation = view.decision.final or view.presentation.recommendation

    def choice(self) -> None:
        self._input(
            "choice",
            radio(terms(self._texts, "choice", self._view.choices), initial=self._draft.choice),
            optional=False,
        )

    def participation(self) -> None:
        if self._view.asks_participation:
            options = terms(self._texts, "participation", PARTICIPATION)
            self._input("participation", self._select(options, self._draft.participation))
            self._why_no_part()

    def _why_no_part(self) -> None:
        """The exception's reason (R047); folded away again while points are changed, once it is there."""
        reason = self._draft.participation_reason
        if self._draft.participation == OTHER_PART and not (reason and self._draft.choice == CHANGED):
            self._input("participation_reason", self._offered("participation", reason))

    def unfolded(self) -> None:
        if self._draft.choice == CHANGED:
            self._changes()
        elif self._draft.choice == POSTPONED:
            self._input("reason", self._offered("postpone", self._draft.reason), optional=False)
            meetings = [Choice(self._say("day_option", day=day), id) for id, day in self._view.to_meetings]  # noqa: A001
            if meetings:
                self._input("to_meeting", self._select(meetings, self._draft.to_meeting), optional=False)
        elif self._draft.choice == OUT_OF_SCOPE:
            self._input("reason", self._offered("out_of_scope", self._draft.reason), optional=False)
            self._input("area", self._select(self._areas(), self._draft.area), optional=False)
            self._input("contact", person_select(initial=self._draft.contact), optional=False)

    def also(self) -> None:
        """Folded away while points are being changed, unless something is chosen there: six fields at once (D7)."""
        chosen = self._draft.also or (("conflict",) if self._draft.conflicted else ())
        if self._draft.choice == CHANGED and not chosen:
            return
        codes = [c for c in (ADOPTED, *ALSO) if c != ADOPTED or not self._view.discussion]
        options = [Choice(self._say(f"also_{code}"), code) for code in codes]
        self._input("also", checkboxes(options, initial=chosen))
        here = dict.fromkeys((*self._view.attending, *self._draft.conflicted))
        people = [Choice(colleague(self._view.names[p]), p) for p in here]
        held = {
            "reservation": self._draft.reservations,
            "dissent": self._draft.dissent,
            "conflict": self._draft.conflicted,
            "mandate": self._draft.without_mandate,
        }
        if ADOPTED in chosen:
            self._input("adopted_from", self._offered("adopted_from", self._draft.adopted_from))
        for code in chosen:
            if people and code in ALSO:
                self._input(ALSO[code], multi_select(people, initial=held[code], hint=self._choose()))
        if "reservation" in chosen and people:
            self._reserved_points()

    def _reserved_points(self) -> None:
        """Which points of the decision a reservation concerns (R132); none chosen means all of it."""
        points = points_of(self._view.presentation.kind, self._shown)
        if points:
            options = terms(self._texts, "point", points)
            chosen = [p for p in self._draft.reservation_points if p in points]
            self._input("reservation_points", multi_select(options, initial=chosen, hint=self._choose()))

    def goto(self) -> None:
        others = [j for j in self._view.jumps if j.presentation_id != self._view.presentation.id]
        if others and self._draft.choice != CHANGED:
            options = [
                Choice(
                    self._say("goto_option", number=j.number, alias=j.alias, done=j.done), j.presentation_id
                )
                for j in others
            ]
            self._input("goto", self._select(options, None))

    def _changes(self) -> None:
        points = POINTS[self._view.presentation.kind]
        options = [Choice(self._say(f"point_{p}"), p) for p in points]
        self._input("points", checkboxes(options, initial=self._draft.changed_points))
        for point in points:
            if point in self._draft.changed_points:
                getattr(self, f"_change_{point}")()

    def _change_plan(self) -> None:
        self._input("goals", checkboxes(terms(self._texts, "goal", GOALS), initial=self._shown.goals))

    def _change_measures(self) -> None:
        """What was prepared may be left out at the table; what is decided stays ticked."""
        prepared = self._view.presentation.recommendation
        named = [
            *(("start_option", f"start:{n}", m.code, m.area) for n, m in enumerate(prepared.measures)),
            *(("stop_option", f"stop:{n}", s.code, s.area) for n, s in enumerate(prepared.stops)),
        ]
        options = [
            Choice(
                self._say(
                    block,
                    measure=self._rules.measure(code),
                    area=self._texts.named(self._rules.area(area)),
                ),
                key,
            )
            for block, key, code, area in named
        ]
        if options:
            decided = kept_keys(prepared, self._shown)
            self._input("measures", checkboxes(options, initial=decided))

    def _change_caseworker(self) -> None:
        people = [Choice(colleague(self._view.names[p]), p) for p in self._view.caseworkers]
        self._input("caseworker", self._select(people, self._shown.caseworker))

    def _change_frame(self) -> None:
        frame = self._shown.frame
        recommended = self._view.presentation.recommendation.frame
        amount = as_typed(frame.amount) if frame and (frame.amount or recommended) else None
        self._input(
            "amount", text_field(most=20, initial=amount, example=self._say("example_amount")), dispatch=False
        )
        purposes = [Choice(self._texts.named(p), p.code) for p in self._rules.purposes]
        chosen = frame.purposes if frame else ()
        self._input("purposes", multi_select(purposes, initial=chosen, hint=self._choose()))
        self._input("frame_reason", self._offered("frame", frame.outside_reason if frame else None))

    def _change_payer(self) -> None:
        self._input(
            "payer",
            self._select(self._areas(), self._shown.frame.payer if self._shown.frame else self._shown.payer),
        )

    def _change_follow_up(self) -> None:
        days = [Choice(self._say("day_option", day=d), d.isoformat()) for d in self._view.follow_ups]
        stands = self._shown.follow_up_on
        if stands and stands not in self._view.follow_ups:
            days.insert(0, Choice(self._say("day_option", day=stands), stands.isoformat()))
        if days:
            self._input("follow_up", self._select(days, stands.isoformat() if stands else None))

    def _change_outcome(self) -> None:
        self._input(
            "outcome", self._select(terms(self._texts, "outcome", FOLLOW_UP_OUTCOMES), self._shown.outcome)
        )
        if self._shown.outcome == "close":
            self._change_closing()

    def _change_closing(self) -> None:
        self._input("closing", self._offered("closing", self._shown.closing))

    def _change_support(self) -> None:
        """The closing becomes continued support: why, and the new date (T29)."""
        self._input("support_reason", self._offered("support", self._shown.support_reason))
        self._change_follow_up()

    def _offered(self, what: str, chosen: str | None) -> Field:
        return self._select(offered(self._texts, self._rules, what, held=chosen), chosen)

    def _areas(self) -> list[Choice]:
        return [Choice(self._texts.named(a), a.code) for a in self._rules.areas]

    def _input(self, name: str, element: Field, *, dispatch: bool = True, optional: bool = True) -> None:
        """What is missing is refused by the rule, not by Slack: *Udsat* needs nobody's part in it.

        What is always needed once it has unfolded is not called optional.
        """
        id = f"{name}~{self._fresh}"  # noqa: A001
        self._page.input(id, self._say(f"label_{name}"), element, optional=optional, dispatch=dispatch)

    def _select(self, options: list[Choice], initial: str | None) -> Field:
        return select(options, initial=initial, hint=self._choose())

    def _choose(self) -> Said:
        return self._texts.say("common", "choose")

    def _say(self, block: str, **facts: object) -> Said:
        return self._texts.say("session", block, **facts)


def overview(texts: Texts, view: Overview, *, meta: str) -> Json:
    """Every decision; those without one are named, and one press away (A7)."""
    page = Page(Surface.MODAL)
    for line in view.lines:
        page.section(_line(texts, line), button=_open(texts, line))
    if not view.lines:
        page.section(texts.say("session", "overview_empty"))
    undecided = list(view.undecided)
    chairs = list_of(texts, [colleague(name) for name in view.chairs])
    if undecided:
        page.section(texts.say("refusal", "items_undecided", numbers=undecided))
    else:
        page.section(texts.say("session", "overview_ready", chairs=chairs))
    return page.modal(
        title=texts.say("session", "title_overview"),
        callback="session.overview",
        submit=None if undecided else texts.say("session", "submit_overview"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _line(texts: Texts, line: OverviewLine) -> Said:
    choice = line.decision.choice if line.decision and line.done else None
    return texts.say(
        "session", "overview_line", number=line.number, alias=line.alias, kind=line.kind, choice=choice
    )


def _open(texts: Texts, line: OverviewLine) -> Button:
    label = texts.say("session", "open_item_named", number=line.number)
    return Button(texts.say("session", "open_item"), "session.item", line.presentation_id, label=label)


def sent(texts: Texts, view: Overview) -> Json:
    chairs = list_of(texts, [colleague(name) for name in view.chairs])
    page = Page(Surface.MODAL).section(texts.say("session", "sent", chairs=chairs))
    return page.modal(
        title=texts.say("session", "title_overview"),
        callback="session.sent",
        close=texts.say("common", "done"),
    )


def home_part(page: Page, texts: Texts, _rules: Rules, meetings: tuple[Meeting, ...]) -> None:
    for meeting in meetings:
        said = (
            texts.say("session", "resume", number=meeting.at_item)
            if meeting.at_item
            else texts.say("session", "resume_start")
        )
        page.section(
            texts.say("session", "home_line", day=meeting.day),
            button=Button(said, "session.resume", meeting.id, "primary"),
        )
