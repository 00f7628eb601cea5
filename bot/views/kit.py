"""The few shapes we use of Block Kit, within Slack's limits, each text held under its surface's ceiling.

A page is begun for a surface and filled from the top. A text more private than the surface's ceiling does not get on
it: TooPrivate is raised where the message is built, so that no habit is needed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
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
    NOTIFICATION = Privacy.P0, "notification"  # a message's `text`: lock screens and e-mails show it
    REPEATED = Privacy.P1, "repeated"  # the `text` of what only the person sees, and no lock screen does

    @property
    def ceiling(self) -> Privacy:
        value: Privacy | tuple[Privacy, str] = self.value
        return value[0] if isinstance(value, tuple) else value


class TooPrivate(Exception):
    """A text was put on a surface that is too open for it. A fault of ours, found before it leaves the house."""


_OPAQUE = re.compile(r"[\w.:|/+~-]*", re.ASCII)
_KEY = re.compile(r"(?<![0-9A-Za-z-])[0-9]{2}-[0-9]{4}(?![0-9A-Za-z-])")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Z][a-z]{2,}(?![A-Za-z0-9])")
_TYPED = re.compile(r"/[a-z]+ [a-zæøå -]+")  # a command of ours, offered to be run


def opaque(value: str) -> str:
    """Ids, codes, days and counts, which say nothing to whoever reads them. Raises TooPrivate for anything else.

    What goes along unseen (a button's value, an option's, metadata, a block's id) is kept by Slack and shown to others.
    """
    if _TYPED.fullmatch(value):
        return value
    if not _OPAQUE.fullmatch(value) or _KEY.search(value) or _WORD.search(value):
        raise TooPrivate("something readable where only an id may be")
    return value


def opaque_meta(meta: str) -> str:
    """Metadata: a small object with opaque values, or nothing."""
    for name, value in (json.loads(meta) if meta else {}).items():
        opaque(name)
        opaque(value)
    return meta


def plain(said: str) -> str:
    """Plain text elements show markup as letters, so what was escaped for mrkdwn is put back."""
    return str(said).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, most: int) -> str:
    """Slack refuses what is a letter too long; an ellipsis says that there was more."""
    return text if len(text) <= most else _HALF.sub("", text[: most - 1]).rstrip() + "…"


_HALF = re.compile(r"&[a-z]{0,3}$")
"""The beginning of an escaped sign, which would come out as letters."""


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
            value=opaque(self.value),
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
            value=opaque(self.value),
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
        _held_under(self.surface, *texts)

    def _id(self, given: str | None) -> str:
        self._count += 1
        return opaque(given or f"b{self._count}")

    def _add(self, block: Any) -> Page:
        """Built once: the library asks a block five times on its way into a view, and builds it anew each time."""
        built = block._resolve()  # noqa: SLF001 - what it is built by has no other name
        block._resolve = lambda: built  # noqa: SLF001
        self.blocks.append(block)
        return self

    def header(self, said: Said) -> Page:
        self._held(said)
        text = sb.Text(cut(plain(said), 150), sb.TextType.PLAINTEXT, emoji=True)
        return self._add(sb.HeaderBlock(text, block_id=self._id(None)))

    def section(self, said: Said, *, button: Button | Overflow | None = None, id: str | None = None) -> Page:  # noqa: A002
        self._held(said, *_texts_of(button))
        return self._add(
            sb.SectionBlock(
                sb.Text(cut(str(said), 3000)),
                block_id=self._id(id),
                accessory=button.element() if button else None,
            )
        )

    def context(self, *said: Said) -> Page:
        self._held(*said)
        shown: list[Any] = [sb.Text(cut(str(s), 2000)) for s in said if s]
        if shown:
            self._add(sb.ContextBlock(shown[:10], block_id=self._id(None)))
        return self

    def divider(self) -> Page:
        return self._add(sb.DividerBlock(block_id=self._id(None)))

    def buttons(self, *buttons: Button | Overflow | None, id: str | None = None) -> Page:  # noqa: A002
        shown = [b for b in buttons if b is not None]
        for button in shown:
            self._held(*_texts_of(button))
        if shown:
            self._add(sb.ActionsBlock([b.element() for b in shown], block_id=self._id(id)))
        return self

    def input(
        self,
        id: str,  # noqa: A002 - the block's id is the field's name
        label: Said,
        element: Field,
        *,
        hint: Said | None = None,
        optional: bool = False,
        dispatch: bool = False,
    ) -> Page:
        self._held(label, hint, *element.texts)
        return self._add(
            sb.InputBlock(
                label=sb.Text(cut(plain(label), 2000), sb.TextType.PLAINTEXT),
                element=element.element,
                block_id=opaque(id),
                hint=sb.Text(cut(plain(hint), 2000), sb.TextType.PLAINTEXT) if hint else None,
                optional=optional,
                dispatch_action=dispatch,
            )
        )

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
            private_metadata=opaque_meta(meta),
            notify_on_close=tell_on_close,
        )
        return dict(view.to_dict())

    def home(self) -> Json:
        return dict(sb.HomeTabView(blocks=self.blocks[:100], callback_id="home").to_dict())

    def message(self, text: Said) -> Json:
        """`text` is what a lock screen and an e-mail show: P0, whatever the surface."""
        return self._told(text, Surface.NOTIFICATION)

    def aside(self, text: Said) -> Json:
        """Only the person sees it, beside what they look at, and no lock screen does."""
        return self._told(text, Surface.REPEATED)

    def _told(self, text: Said, where: Surface) -> Json:
        _held_under(where, text)
        return {"text": str(text), "blocks": self.as_message_blocks()}

    def as_message_blocks(self) -> list[Json]:
        """The blocks as Slack takes them in a message, checked by the builder on the way."""
        message = sb.Message(channel="x", text="x", blocks=self.blocks[:50]).to_dict()
        return list(message["blocks"])


def _held_under(surface: Surface, *texts: Said | None) -> None:
    for text in texts:
        if text is not None and privacy_of(text) > surface.ceiling:  # R139
            raise TooPrivate(f"{privacy_of(text).name} on {surface.name}")


@dataclass(frozen=True)
class Field:
    """Something to fill in or choose from, with all that can be read in it."""

    element: Any
    texts: tuple[Said | None, ...] = ()


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
        return _texts_in(button.choices)
    return (button.text, button.label)


def _short(said: Said) -> Any:
    return sb.Text(cut(plain(said), 24), sb.TextType.PLAINTEXT)


def text_field(
    *, most: int, initial: str | None = None, example: Said | None = None, lines: bool = False
) -> Field:
    """`initial` is what the person wrote or may read already; it stands in a form, where that is allowed."""
    field = sb.PlainTextInput(
        action_id="v",
        initial_value=initial or None,
        max_length=most,
        multiline=lines,
        placeholder=sb.Text(cut(plain(example), 150), sb.TextType.PLAINTEXT) if example else None,
    )
    return Field(field, (Said(initial, Privacy.P2) if initial else None, example))


MOST_AT_ONCE = 10
"""More buttons or boxes than that become a menu, so that nothing is cut away."""


def radio(choices: Sequence[Choice], *, initial: str | None = None) -> Field:
    if len(choices) > MOST_AT_ONCE:
        return select(choices, initial=initial)
    options = [c.option() for c in choices]
    group = sb.RadioButtonGroup("v", options, initial_option=_initial(choices, options, initial))
    return Field(group, _texts_in(choices))


def checkboxes(choices: Sequence[Choice], *, initial: Sequence[str] = ()) -> Field:
    if len(choices) > MOST_AT_ONCE:
        return multi_select(choices, initial=initial)
    options = [c.option() for c in choices]
    chosen = [o for c, o in zip(choices, options, strict=False) if c.value in initial]
    return Field(sb.CheckboxGroup("v", options, initial_options=chosen or None), _texts_in(choices))


def select(choices: Sequence[Choice], *, initial: str | None = None, hint: Said | None = None) -> Field:
    options = [c.option() for c in choices[:100]]
    menu = sb.StaticSelectMenu(
        action_id="v",
        options=options,
        initial_option=_initial(choices, options, initial),
        placeholder=sb.Text(cut(plain(hint), 150), sb.TextType.PLAINTEXT) if hint else None,
    )
    return Field(menu, (*_texts_in(choices), hint))


def multi_select(
    choices: Sequence[Choice], *, initial: Sequence[str] = (), hint: Said | None = None
) -> Field:
    options = [c.option() for c in choices[:100]]
    chosen = [o for c, o in zip(choices, options, strict=False) if c.value in initial]
    menu = sb.StaticMultiSelectMenu(
        action_id="v",
        options=options,
        initial_options=chosen or None,
        placeholder=sb.Text(cut(plain(hint), 150), sb.TextType.PLAINTEXT) if hint else None,
    )
    return Field(menu, (*_texts_in(choices), hint))


def date_picker(*, initial: str | None = None) -> Field:
    return Field(sb.DatePicker(action_id="v", initial_date=initial))


def time_picker(*, initial: str | None = None) -> Field:
    return Field(sb.TimePicker(action_id="v", initial_time=initial))


def person_select(*, initial: str | None = None) -> Field:
    return Field(sb.UserSelectMenu(action_id="v", initial_user=initial))


def people_select(*, initial: Sequence[str] = ()) -> Field:
    return Field(sb.UserMultiSelectMenu(action_id="v", initial_users=list(initial) or None))


def channel_select(*, initial: str | None = None) -> Field:
    """Any conversation but a direct message; private ones too, which a channel select would hide."""
    menu = sb.ConversationSelectMenu(
        action_id="v",
        initial_conversation=initial,
        filter=sb.ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    return Field(menu)


def _texts_in(choices: Iterable[Choice]) -> tuple[Said | None, ...]:
    return tuple(text for c in choices for text in (c.text, c.description))


def _initial(choices: Sequence[Choice], options: list[Any], value: str | None) -> Any:
    return next((o for c, o in zip(choices, options, strict=False) if c.value == value), None)
