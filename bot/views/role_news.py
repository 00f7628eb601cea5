"""What is told when roles were given that open cases, or a watch was taken away."""

from __future__ import annotations

from bot.domain.people import Post
from bot.domain.rules import Rules
from bot.texts import Said, Texts, colleague, joined
from bot.usecases.role_news import RolesTold
from bot.views.kit import Json, Page, Surface

NAMED = 3
"""So many people are named; of more, how many."""


def told(found: RolesTold, texts: Texts, rules: Rules) -> Json:
    few = found.people[:NAMED] if len(found.people) <= NAMED else ()
    facts = {
        "by": colleague(found.by) if found.by else "",
        "people": joined(", ", [colleague(name) for name in few]),
        "count": len(found.people),
        "roles": joined(", ", [_post(post, texts, rules) for post in found.posts]),
    }
    page = Page(Surface.DIRECT)
    page.section(texts.say("role_news", found.what, **facts))
    page.context(texts.say("role_news", "not_agreed"))
    return page.message(texts.say("common", "notification"))


def _post(post: Post, texts: Texts, rules: Rules) -> Said:
    role = texts.term("role", post.role)
    if post.area is None:
        return role
    return texts.say("role_news", "in_area", role=role, area=texts.named(rules.area(post.area)))
