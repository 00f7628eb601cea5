"""`indgang manifest`: the app as Slack is told of it, over Socket Mode or over HTTP."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from bot.commands.plain import said, stop


def manifest(url: Annotated[str | None, typer.Option(metavar="URL")] = None) -> None:
    """Print the app's manifest, to be pasted into Slack under »From a manifest«."""
    from bot.demo.launch import manifest as lies_at

    if url is not None and not re.fullmatch(r"https://[^/\s]+/\S*", url):
        stop(said("bad_url"))
    written = lies_at().read_text(encoding="utf-8")
    typer.echo(written if url is None else over_http(written, url), nl=url is not None)


def over_http(written: str, url: str) -> str:
    """The same app: same scopes, same events. Only the way to us is another."""
    import yaml

    told: dict[str, Any] = yaml.safe_load(written)
    for command in told["features"]["slash_commands"]:
        command["url"] = url
    settings = told["settings"]
    settings["event_subscriptions"]["request_url"] = url
    settings["interactivity"] |= {"request_url": url, "message_menu_options_url": url}
    settings["socket_mode_enabled"] = False
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)
