"""What an area does after the meeting, as its leaders see it."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.domain.task import STEPS
from bot.texts import Said, Texts, joined
from bot.usecases.decided import AreaTasks
from bot.usecases.tasks import TaskLine, TaskView
from bot.views.kit import Button, Json, Page, Surface, checkboxes, date_picker
from bot.views.referral import terms

MOST = 5


def form(texts: Texts, rules: Rules, view: TaskView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    line = view.line
    page.section(
        texts.say(
            "task",
            "about",
            alias=line.alias,
            key=line.key,
            measure=rules.measure(line.measure),
            ends=line.ends,
            day=view.task.due_on,
        )
    )
    ticks = view.task.ticks
    page.input(
        "steps",
        texts.say("task", "label_steps"),
        checkboxes(terms(texts, "step", STEPS), initial=tuple(ticks)),
        optional=True,
    )
    if view.task.is_running:
        on = view.task.started_on
        page.input(
            "started_on",
            texts.say("task", "label_started"),
            date_picker(initial=on.isoformat() if on else None),
            hint=texts.say("task", "hint_started", day=view.task.planned_on),
            optional=True,
        )
    page.context(
        *(
            texts.say("task", "ticked", step=s, by=view.names[ticks[s].by], at=ticks[s].at)
            for s in STEPS
            if s in ticks
        )
    )
    return page.modal(
        title=texts.say("task", "title"),
        callback="task.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def saved(texts: Texts, rules: Rules, view: TaskView) -> Said:
    if view.task.is_done:
        return texts.say("task", "done", alias=view.line.alias, measure=rules.measure(view.line.measure))
    return texts.say("task", "saved", alias=view.line.alias, count=len(view.task.ticks))


def home_part(page: Page, texts: Texts, rules: Rules, tasks: tuple[TaskLine, ...]) -> None:
    page.section(texts.say("task", "home_head", count=len(tasks)))
    for line in tasks[: page.most(MOST)]:
        page.section(_line(texts, rules, line), button=_open(texts, line))


def told(facts: AreaTasks, texts: Texts, rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    lines = [
        texts.say(
            "task",
            "told_line",
            alias=line.alias,
            measure=rules.measure(line.measure),
            done=line.done,
            ends=line.ends,
            day=line.due_on,
        )
        for line in facts.tasks
    ]
    page.section(
        texts.say(
            "task",
            "told",
            area=texts.named(rules.area(facts.area)),
            day=facts.day,
            count=len(facts.tasks),
            lines=joined("\n", lines),
        )
    )
    waiting = [line for line in facts.tasks if not line.done]
    page.buttons(Button(texts.say("task", "next_task"), "task.open", waiting[0].id) if waiting else None)
    return page.message(texts.say("common", "notification"))


def _line(texts: Texts, rules: Rules, line: TaskLine) -> Said:
    return texts.say(
        "task",
        "line",
        alias=line.alias,
        measure=rules.measure(line.measure),
        overdue=line.overdue,
        ends=line.ends,
        to_start=line.to_start,
        day=line.due_on,
    )


def _open(texts: Texts, line: TaskLine) -> Button:
    label = texts.say("task", "open_named", alias=line.alias)
    return Button(texts.say("task", "open"), "task.open", line.id, label=label)
