"""Writes docs/requirements.md: demand, quotation, where it lives, which stories prove it, how a person sees it.

make rules
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.book import ROOT, Book, Demand

TARGET = ROOT / "docs/requirements.md"
MOST_PLACES = 8
KINDS = {"H": "hard", "C": "configurable", "P": "practice", "F": "fact", "T": "step"}

HEAD = """\
# Every demand of the two documents, and where it is kept

Written by `make rules` from `tests/rules/demands.yaml`, `docs/rules.md` and the marks on the tests; do not edit it here.

- **hard** is enforced; **configurable** is a dated setting with a default; **practice** is supported, never forced;
  **fact** comes out of a report; **step** is a move in the life of a case.
- Quotations are from the note on the youth effort (N) and the council's case 20/19585 (R).
- *Red without* names the line whose removal turned one of the tests red, found and seen by `make prove`.
"""


def requirements(book: Book) -> str:
    """The whole page."""
    counted = {kind: sum(d.kind == kind for d in book.demands) for kind in KINDS}
    sums = ", ".join(f"{count} {KINDS[kind]}" for kind, count in counted.items())
    proven = sum(d.number in book.proofs for d in book.demands if d.needs_a_story)
    needed = sum(d.needs_a_story for d in book.demands)
    head = f"{HEAD}\n{sums}. A line was found for {proven} of the {needed} that need a story.\n"
    return "\n".join([head, *(line for demand in book.demands for line in _section(book, demand))])


def _section(book: Book, demand: Demand) -> Iterator[str]:
    yield f"## {demand.number} · {KINDS[demand.kind]}"
    yield ""
    yield f"{demand.asks}."
    if demand.quote:
        yield f"> »{demand.quote}« ({demand.source})"
    if demand.seen:
        yield f"- *Seen:* {demand.seen}"
    lives = book.lives.get(demand.number, ())
    if lives:
        yield f"- *Lives in:* {', '.join(f'`{place}`' for place in lives[:MOST_PLACES])}"
    settings = book.settings.get(demand.number, ())
    if settings:
        yield f"- *Set by:* {', '.join(f'`{key}`' for key in settings)} in `bot/rules/default.yaml`"
    stories = book.stories.get(demand.number, ())
    if stories:
        yield f"- *Stories:* {', '.join(f'`{story}`' for story in stories)}"
    if demand.number in book.proofs:
        proof = book.proofs[demand.number]
        yield f"- *Red without:* `{proof.line}` in `{proof.file}` ({proof.story.rsplit('::', 1)[-1]})"
    yield ""


if __name__ == "__main__":
    TARGET.write_text(requirements(Book()), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} is written.")
