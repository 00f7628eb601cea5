"""A small reader of Slack's mrkdwn, written apart from the bot: what in a text would come alive when it is shown.

After Slack's "Formatting text for app surfaces": what stands between < and > is a mention, a channel, a command or a
link; *bold*, _italic_, ~strike~, `code` and > at a line's beginning are marks; &amp; &lt; &gt; are letters.
"""

from __future__ import annotations

import re
from collections import Counter

ALIVE = re.compile(r"<[^<>]*>")
MARKS = "*_~`"
ENTITY = re.compile(r"&(?:amp|lt|gt);")
QUOTE = re.compile(r"^(?:&gt;|>)", re.MULTILINE)
HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def alive(text: str) -> Counter[str]:
    """Everything that would be more than letters, and how often: brackets with their contents, marks, loose signs."""
    found: Counter[str] = Counter(ALIVE.findall(text))
    rest = ALIVE.sub(" ", text)
    found.update(sign for sign in rest if sign in MARKS)
    found.update(sign for sign in ENTITY.sub(" ", rest) if sign in "<>&")
    found.update("hidden" for _ in HIDDEN.findall(text))
    return found


def at_all(text: str) -> bool:
    """Whether @here and its like stand there in a form that Slack would turn into a mention by itself."""
    return bool(re.search(r"<!(?:here|channel|everyone|subteam)", text))
