"""The few shapes we use of Block Kit, within Slack's limits, each text held under its surface's ceiling.

A page is begun for a surface and filled from the top. A text more private than the surface's ceiling does not get on
it: TooPrivate is raised where the message is built, so that no habit is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import slackblocks as sb

from bot.texts import Privacy, Said, privacy_of

Json = dict[str, Any]


class Surface(Enum):
    """Where a text is shown, and the most private it may be there."""

    OPEN_CHANNEL = Privacy.P0
    CLOSED_CHANNEL = Privacy.P1_COMMITTEE
    DIRECT = Privacy.P1, "direct"
    EPHEMERAL = Privacy.P1, "ephemeral"
    HOME = Privacy.P1, "home"
    MODAL = Privacy.P2, "modal"

    @property
    def ceiling(self) -> Privacy:
        value: Privacy | tuple[Privacy, str] = self.value
        return value[0] if isinstance(value, tuple) else value


class TooPrivate(Exception):
    """A text was put on a surface that is too open for it. A fault of ours, found before it leaves the house."""


def plain(said: str) -> str:
    """Plain text elements show markup as letters, so what was escaped for mrkdwn is put back."""
    return str(said).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, most: int) -> str:
    """Slack refuses what is a letter too long; an ellipsis says that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Button:
    """A verb, and the opaque thing it is pressed for. `label` is read aloud when the text alone is not enough."""

    text: Said
    action: str
    value: str = "x"
    style: str | None = None
    label: Said | None = None

    def element(self) -> Any:
        return sb.Button(
            text=sb.Text(cut(plain(self.text), 75), sb.TextType.PLAINTEXT, emoji=True),
            action_id=self.action,
            value=self.value,
            style=self.style,  # type: ignore[arg-type]
            accessibility_label=cut(plain(self.label), 75) if self.label else None,
        )


@dataclass(frozen=True)
class Choice:
    text: Said
    value: str
    description: Said | None = None

    def option(self, *, markdown: bool = False) -> Any:
        kind = sb.TextType.MARKDOWN if markdown else sb.TextType.PLAINTEXT
        about = self.description
        return sb.Option(
            text=sb.Text(cut(str(self.text) if markdown else plain(self.text), 75), kind),
            value=self.value,
            description=sb.Text(cut(plain(about), 75), sb.TextType.PLAINTEXT) if about else None,
        )


@dataclass
class Page:
    """Blocks for one surface, from the top."""

    surface: Surface
    blocks: list[Any] = field(default_factory=list)
    tight: bool = False  # there is much to show: each list is cut shorter
    _count: int = 0

    def most(self, lines: int) -> int:
        """How many lines of a list that usually shows so many."""
        return min(lines, 3) if self.tight else lines

    def _held(self, *texts: Said | None) -> None:
        """What points to a case never stands where more than its own people read along (R139)."""
        for text in texts:
            if text is not None and privacy_of(text) > self.surface.ceiling:  # R139
                raise TooPrivate(f"{privacy_of(text).name} on {self.surface.name}")

    def _id(self, given: str | None) -> str:
        self._count += 1
        return given or f"b{self._count}"

    def header(self, said: Said) -> Page:
        self._held(said)
        text = sb.Text(cut(plain(said), 150), sb.TextType.PLAINTEXT, emoji=True)
        self.blocks.append(sb.HeaderBlock(text, block_id=self._id(None)))
        return self

    def section(self, said: Said, *, button: Button | Overflow | None = None, id: str | None = None) -> Page:  # noqa: A002
        self._held(said, *_texts_of(button))
        self.blocks.append(
            sb.SectionBlock(
                sb.Text(cut(str(said), 3000)),
                block_id=self._id(id),
                accessory=button.element() if button else None,
            )
        )
        return self

    def context(self, *said: Said) -> Page:
        self._held(*said)
        shown: list[Any] = [sb.Text(cut(str(s), 2000)) for s in said if s]
        if shown:
            self.blocks.append(sb.ContextBlock(shown[:10], block_id=self._id(None)))
        return self

    def divider(self) -> Page:
        self.blocks.append(sb.DividerBlock(block_id=self._id(None)))
        return self

    def buttons(self, *buttons: Button | Overflow | None, id: str | None = None) -> Page:  # noqa: A002
        shown = [b for b in buttons if b is not None]
        for button in shown:
            self._held(*_texts_of(button))
        if shown:
            self.blocks.append(sb.ActionsBlock([b.element() for b in shown], block_id=self._id(id)))
        return self

    def input(
        self,
        id: str,  # noqa: A002 - the block's id is the field's name
        label: Said,
        element: Any,
        *,
        hint: Said | None = None,
        optional: bool = False,
        dispatch: bool = False,
    ) -> Page:
        self._held(label, hint)
        self.blocks.append(
            sb.InputBlock(
                label=sb.Text(cut(plain(label), 2000), sb.TextType.PLAINTEXT),
                element=element,
                block_id=id,
                hint=sb.Text(cut(plain(hint), 2000), sb.TextType.PLAINTEXT) if hint else None,
                optional=optional,
                dispatch_action=dispatch,
            )
        )
        return self

    def modal(
        self,
        *,
        title: Said,
        callback: str,
        submit: Said | None = None,
        close: Said | None = None,
        meta: str = "",
        tell_on_close: bool = False,
    ) -> Json:
        self._held(title, submit, close)
        view = sb.ModalView(
            title=_short(title),
            blocks=self.blocks[:100],
            submit=_short(submit) if submit else None,
            close=_short(close) if close else None,
            callback_id=callback,
            private_metadata=meta,
            notify_on_close=tell_on_close,
        )
        return dict(view.to_dict())

    def home(self) -> Json:
        return dict(sb.HomeTabView(blocks=self.blocks[:100], callback_id="home").to_dict())

    def message(self, text: Said) -> Json:
        """`text` is what a lock screen and an e-mail show: P0, whatever the surface."""
        if privacy_of(text) > Privacy.P0:
            raise TooPrivate("a notification's text is read on a lock screen")
        return {"text": str(text), "blocks": self.as_message_blocks()}

    def as_message_blocks(self) -> list[Json]:
        """The blocks as Slack takes them in a message, checked by the builder on the way."""
        message = sb.Message(channel="x", text="x", blocks=self.blocks[:50]).to_dict()
        return list(message["blocks"])


@dataclass(frozen=True)
class Overflow:
    """A small menu; at most five choices."""

    action: str
    choices: tuple[Choice, ...]

    def element(self) -> Any:
        return sb.OverflowMenu(self.action, [c.option() for c in self.choices[:5]])


def _texts_of(button: Button | Overflow | None) -> tuple[Said | None, ...]:
    if button is None:
        return ()
    if isinstance(button, Overflow):
        return tuple(c.text for c in button.choices)
    return (button.text, button.label)


def _short(said: Said) -> Any:
    return sb.Text(cut(plain(said), 24), sb.TextType.PLAINTEXT)


def text_field(
    *, most: int, initial: str | None = None, example: Said | None = None, lines: bool = False
) -> Any:
    return sb.PlainTextInput(
        action_id="v",
        initial_value=initial or None,
        max_length=most,
        multiline=lines,
        placeholder=sb.Text(cut(plain(example), 150), sb.TextType.PLAINTEXT) if example else None,
    )


def radio(choices: Sequence[Choice], *, initial: str | None = None) -> Any:
    options = [c.option() for c in choices[:10]]
    return sb.RadioButtonGroup("v", options, initial_option=_initial(choices, options, initial))


def checkboxes(choices: Sequence[Choice], *, initial: Sequence[str] = ()) -> Any:
    options = [c.option() for c in choices[:10]]
    chosen = [o for c, o in zip(choices, options, strict=False) if c.value in initial]
    return sb.CheckboxGroup("v", options, initial_options=chosen or None)


def select(choices: Sequence[Choice], *, initial: str | None = None, hint: Said | None = None) -> Any:
    options = [c.option() for c in choices[:100]]
    return sb.StaticSelectMenu(
        action_id="v",
        options=options,
        initial_option=_initial(choices, options, initial),
        placeholder=sb.Text(cut(plain(hint), 150), sb.TextType.PLAINTEXT) if hint else None,
    )


def multi_select(choices: Sequence[Choice], *, initial: Sequence[str] = (), hint: Said | None = None) -> Any:
    options = [c.option() for c in choices[:100]]
    chosen = [o for c, o in zip(choices, options, strict=False) if c.value in initial]
    return sb.StaticMultiSelectMenu(
        action_id="v",
        options=options,
        initial_options=chosen or None,
        placeholder=sb.Text(cut(plain(hint), 150), sb.TextType.PLAINTEXT) if hint else None,
    )


def date_picker(*, initial: str | None = None) -> Any:
    return sb.DatePicker(action_id="v", initial_date=initial)


def time_picker(*, initial: str | None = None) -> Any:
    return sb.TimePicker(action_id="v", initial_time=initial)


def person_select(*, initial: str | None = None) -> Any:
    return sb.UserSelectMenu(action_id="v", initial_user=initial)


def people_select(*, initial: Sequence[str] = ()) -> Any:
    return sb.UserMultiSelectMenu(action_id="v", initial_users=list(initial) or None)


def channel_select(*, initial: str | None = None) -> Any:
    """Any conversation but a direct message; private ones too, which a channel select would hide."""
    return sb.ConversationSelectMenu(
        action_id="v",
        initial_conversation=initial,
        filter=sb.ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )


def _initial(choices: Sequence[Choice], options: list[Any], value: str | None) -> Any:
    return next((o for c, o in zip(choices, options, strict=False) if c.value == value), None)
