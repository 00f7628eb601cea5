"""How the command line tells of itself: the help, and what is wrong with what was typed, in the language of the call.

The words stand in usage.j2 under the names of the commands and their options; a command's docstring is for whoever
reads the code. Usage errors are click's, as they come with Typer; what they say themselves is English, and left out.
Click lies inside Typer, at a place Typer does not promise to keep: the lock holds the version.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, NoReturn, TypeVar

import typer
from typer._click.core import Command as AnyCommand
from typer._click.core import Context, Parameter
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup

from bot.commands.plain import (
    BROKEN_OFF,
    NO_ROOM,
    UNFIT,
    Fact,
    Language,
    answer_lost,
    in_a_terminal,
    in_language,
    said,
    spoken_here,
)

F = TypeVar("F", bound=Callable[..., Any])


class NoSuchCommand(UsageError):
    """It was typed where a command belongs; `near` are those it may have been meant for."""

    def __init__(self, typed: str, near: Sequence[str], ctx: Context) -> None:
        super().__init__(typed, ctx)
        self.typed, self.near = typed, near


class TooMuch(UsageError):
    """More was typed than the command asks for."""

    def __init__(self, typed: str, ctx: Context) -> None:
        super().__init__(typed, ctx)
        self.typed = typed


class Spoken(AnyCommand):
    """Writes its help in the words of usage.j2."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(_said(_path(ctx) or "program"))
        for heading, rows in self._tables(ctx):
            if rows:
                formatter.write_paragraph()
                formatter.write_text(f"{_said(heading)}:")
                with formatter.indentation():
                    formatter.write_dl(rows)

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write(f"{_said('used')} {_typed_so(ctx)}\n")

    def _tables(self, ctx: Context) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        shown = self.get_params(ctx)
        yield "arguments", [(_value(p), _meaning(ctx, p)) for p in shown if _is_argument(p)]
        yield "choices", [(_written(p), _meaning(ctx, p)) for p in shown if not _is_argument(p)]
        names = getattr(self, "commands", ())
        yield (
            "commands",
            [(name, _said("_".join(filter(None, (_path(ctx), name))))) for name in names],
        )


class Command(Spoken, TyperCommand):
    """One command."""

    allow_extra_args = True  # so that what is too much is told in our words

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            raise TooMuch(" ".join(left), ctx)
        return left


class Group(Spoken, TyperGroup):
    """A command that has commands."""

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, AnyCommand | None, list[str]]:
        if args[0] not in self.commands:
            raise NoSuchCommand(args[0], get_close_matches(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> NoReturn:
        """Ends the program as click does, and says in our words what was typed wrongly."""
        typed = sys.argv[1:] if args is None else list(args)
        with in_language(_asked_for(typed)):
            try:
                code = super().main(typed, *rest, **{**more, "standalone_mode": False})
            except UsageError as wrong:
                _tell(wrong)
            except OSError as why:
                if why.errno not in NO_ROOM:
                    raise
                answer_lost(why)
            if code == BROKEN_OFF:
                typer.echo(said("broken_off"), err=True)
        sys.exit(code if isinstance(code, int) else 0)


class Commands(typer.Typer):
    """Where commands are gathered, each with its words."""

    def __init__(self) -> None:
        super().__init__(
            cls=Group,
            no_args_is_help=True,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
        )

    def command(self, name: str | None = None, **more: Any) -> Callable[[F], F]:
        return super().command(name, cls=Command, **more)


def _asked_for(typed: Sequence[str]) -> Language | None:
    """The language that is named on the command line, also where the rest of it cannot be read."""
    for name, value in pairwise([*typed, ""]):
        option, equals, said = name.partition("=")
        if option in ("--language", "--lang"):
            said = said if equals else value
            return Language(said) if said in set(Language) else None
    return None


def _tell(wrong: UsageError) -> NoReturn:
    if isinstance(wrong, NoArgsIsHelpError):
        typer.echo(wrong.ctx.get_help(), err=True)
        sys.exit(UNFIT)
    typer.echo(_sentence(wrong), err=True)
    if wrong.ctx is not None:
        typer.echo(f"{_said('used')} {_typed_so(wrong.ctx)}", err=True)
        typer.echo(_said("see_help", command=wrong.ctx.command_path), err=True)
    sys.exit(UNFIT)


def _sentence(wrong: UsageError) -> str:
    match wrong:
        case NoSuchCommand():
            return _said("no_command", typed=_shown(wrong.typed), near=_listed(wrong.near))
        case NoSuchOption():
            near = _listed(wrong.possibilities or ())
            return _said("no_option", typed=_shown(wrong.option_name), near=near)
        case TooMuch():
            return _said("too_much", typed=_shown(wrong.typed))
        case MissingParameter(param=Parameter() as asked, ctx=Context() as ctx):
            return _said("missing", name=_name(asked), meaning=_meaning(ctx, asked, bare=True))
        case BadParameter(param=Parameter() as asked):
            return _said("unfit", name=_name(asked), kind=_kind(asked))
        case BadOptionUsage():
            takes = "a_value" if "requires" in wrong.message else "no_value"
            return _said(takes, name=wrong.option_name)
        case _:
            return _said("unreadable")


def _typed_so(ctx: Context) -> str:
    """`indgang backup [OPTIONS] FILE`."""
    command = ctx.command
    asked = [_value(p) for p in command.params if _is_argument(p)]
    asked += [_written(p) for p in command.params if p.required and not _is_argument(p)]
    if hasattr(command, "commands"):
        asked.append(_said("value_command"))
    return " ".join((ctx.command_path, f"[{_said('options')}]", *asked))


def _path(ctx: Context) -> str:
    """`report_status`: the names of the command and the groups it is in, without the program's own."""
    names = []
    while ctx.parent is not None:
        names.append(str(ctx.info_name))
        ctx = ctx.parent
    return "_".join(reversed(names))


def _meaning(ctx: Context, param: Any, *, bare: bool = False) -> str:
    """What it is for: in the command's own words, where it has some, or those it shares with others."""
    own = f"{_path(ctx)}__{param.name}"
    told = _said(own if _has(own) else f"any__{param.name}")
    if bare or _is_flag(param) or param.required or param.default is None:
        return told
    return f"{told} {_said('otherwise', value=str(getattr(param.default, 'value', param.default)))}"


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _is_flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def _name(param: Any) -> str:
    return _value(param) if _is_argument(param) else ", ".join(param.opts)


def _written(param: Any) -> str:
    """An option with what follows it."""
    return _name(param) if _is_flag(param) else f"{_name(param)} {_value(param)}"


def _value(param: Any) -> str:
    """What stands in the help for what is to be typed: its own word, or its kind's."""
    its = param.type_descriptor
    if param.metavar:
        return str(param.metavar)
    if its.is_choice:
        return "|".join(str(choice.value) for choice in its.choices)
    if _has(f"value_{param.name}"):
        return _said(f"value_{param.name}")
    if its.is_datetime:
        return _said("value_time" if len(its.parameter_info.formats) > 1 else "value_day")
    return _said(f"value_{'file' if its.is_path else 'number' if its.is_ranged else 'text'}")


def _kind(param: Any) -> str:
    """What would have been understood."""
    its = param.type_descriptor
    if its.is_choice:
        return _said("kind_choice", choices=", ".join(str(choice.value) for choice in its.choices))
    if its.is_datetime:
        return _said("kind_time" if len(its.parameter_info.formats) > 1 else "kind_day")
    if its.is_ranged:
        return _said("kind_number", least=its.parameter_info.min, most=its.parameter_info.max)
    return _said("kind_file" if its.is_path else "kind_other")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names))


def _shown(typed: str) -> str:
    """What was typed, on one line, and nothing in it that moves the cursor."""
    return "".join(c if c.isprintable() else "?" for c in typed)[:80]


def _said(block: str, /, **facts: Fact) -> str:
    return in_a_terminal("usage", block, facts)


def _has(block: str) -> bool:
    from bot.texts import texts

    return texts(spoken_here()).has("usage", block)
