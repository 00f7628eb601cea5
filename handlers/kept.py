"""No form starts from nothing after an interruption (D37, criterion 9), and no desk has to think of it.

A form tells at every choice, and what stands in it is kept, sealed, for its person and what it is about. Opened again it
has its answers, and says so; sent, the act itself takes the draft away. Slack does not promise that a closing brings
what stood in the form, so nothing depends on that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.errors import Refusal
from bot.usecases.drafts import Drafts
from bot.views import filling
from handlers.answers import Answer, Errors, Nothing, Open, Push, Show
from handlers.cases import nonce
from handlers.keeping import GO_ON, kept_as
from handlers.requests import Form, Json, Request

Desk = Callable[[Request], Answer]
OURS = "draft"
"""What the ids of a form begun afresh end on, so that a later redrawing finds its fields again."""


class Kept:
    def __init__(self, table: Mapping[str, Desk], drafts: Drafts) -> None:
        self._table, self._drafts = table, drafts

    def desk(self, request: Request) -> Desk | None:
        """Who answers where no desk does: a choice that changes nothing else, a form that is closed, a fresh start."""
        if request.kind not in ("action", "close") or kept_as(request.view) is None:
            return None
        if request.name == filling.AGAIN:
            return self._again
        if request.kind == "close" or "#" in request.name:
            return lambda _: Nothing()
        return None

    def hear(self, request: Request, *, more_comes: bool = False) -> None:
        """Before a choice is answered: what stands in the form is kept. A letter waits for the next where more comes."""
        if request.kind in ("action", "close") and not (more_comes and request.is_letter):
            self._keep(request)

    def dress(self, request: Request, answer: Answer) -> Answer:
        """The answer as it leaves: its forms tell of every choice, and have in them what was begun."""
        if request.kind == "submit":
            self._after_sending(request, answer)
        redraw = {where: self._telling(view) for where, view in answer.redraw.items()}
        answer = replace(answer, redraw=redraw)
        if isinstance(answer, Open | Push | Show):
            return replace(answer, view=self._shown(request, answer))
        return answer

    # --- keeping ---

    def _keep(self, request: Request) -> None:
        draft, view = kept_as(request.view), request.view
        here = filling.fields(view)
        answers = {name: value for name, value in request.form.values.items() if name in here}
        if draft is None or not answers:
            return
        self._drafts.keep_form(
            request.asked(once=False),
            draft,
            answers,
            shown=filling.standing(view),
            written=filling.texts_in(view),
            sent_as=request.sent_as,
            heard=request.heard,
        )

    def _after_sending(self, request: Request, answer: Answer) -> None:
        """A refusal leaves the form as it stands; what only opens the next form leaves nothing to go on with."""
        draft = kept_as(request.view)
        if isinstance(answer, Errors):
            self._keep(request)
        elif draft and draft[0] in GO_ON:
            self._drafts.drop(request.asked(once=False), *draft)

    # --- showing ---

    def _shown(self, request: Request, answer: Open | Push | Show) -> Json:
        view = answer.view
        draft = kept_as(view)
        if draft is None:
            return view
        redrawn = isinstance(answer, Show) and kept_as(request.view) == draft
        if request.name != filling.AGAIN:
            view = _carried(request.view, view) if redrawn else self._resumed(request, view, draft)
        return filling.telling(view)

    def _resumed(self, request: Request, view: Json, draft: tuple[str, str]) -> Json:
        begun = self._drafts.begun(request.asked(once=False), draft)
        if begun is None:
            return view
        view = self._unfolded(request, filling.filled(view, begun.answers), begun.answers)
        return filling.with_line(view, request.texts, at=begun.at, now=request.at)

    def _unfolded(self, request: Request, view: Json, answers: Mapping[str, Any]) -> Json:
        """With the fields that these answers ask for, as if they had just been chosen in it."""
        callback = str(view["callback_id"])
        for name in filling.fields(view):
            desk = self._table.get(f"action:{callback}#{name}")
            if desk is None or name not in answers:
                continue
            form = Form({**filling.standing(view), **answers})
            asked = replace(
                request,
                kind="action",
                name=f"{callback}#{name}",
                value=str(answers[name] or ""),
                payload={**request.payload, "view": view},
                form=form,
                once=None,
            )
            try:
                answer = desk(asked)
            except Refusal:
                return view
            return filling.filled(answer.view, answers) if isinstance(answer, Show) else view
        return view

    def _again(self, request: Request) -> Answer:
        """*Begynd forfra*: the form as it was before anything was begun."""
        draft, asked = kept_as(request.view), request.asked(once=False)
        assert draft is not None, "the button stands on a form that keeps"
        begun = self._drafts.begun(asked, draft)
        self._drafts.drop(asked, *draft)
        fresh = begun.fresh if begun else {}
        view = filling.without_line(filling.as_sent(request.view))
        view = self._unfolded(request, filling.filled(view, fresh), fresh)
        return Show(filling.renamed(view, f"{OURS}{nonce()[:4]}"))

    def _telling(self, view: Json) -> Json:
        return filling.telling(view) if kept_as(view) else view


def _carried(before: Json, view: Json) -> Json:
    """The same form, redrawn: the line about the draft stays, and so do the ids of a form begun afresh."""
    ids = {n: b["block_id"] for n, b in filling.fields(before).items() if f"~{OURS}" in b["block_id"]}
    shown = filling.as_sent(view)
    for name, block in filling.fields(shown).items():
        if "~" not in block["block_id"]:
            block["block_id"] = ids.get(name, block["block_id"])
    line = [b for b in before.get("blocks", []) if b.get("block_id") == filling.LINE]
    return {**shown, "blocks": [*line, *filling.without_line(shown)["blocks"]]}
