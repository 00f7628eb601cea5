"""What was under way on a case that was anchored anew still lay in the old area, where its leaders answer for it no more.

Open items of cases go to the area of the case, as `bot/usecases/anchor_effect.py` moves them since. A request that had
been passed on to the old area's deputies may be passed on to the new one's. The version is a new one, so that a program
that has read the row before cannot write the old area back. Nobody is told by this: the new leaders find it in Home and
in the overview of the next morning.
"""

from alembic import op

revision = "20261128_0905"
down_revision = "20261128_0900"
branch_labels = None
depends_on = None

OPEN = "('requested', 'returned', 'referred', 'ready', 'postponed')"
ANCHORED = "(SELECT cases.area FROM cases WHERE cases.id = presentations.case_id)"
NOT_PASSED_ON = {"sqlite": "json_remove(more, '$.passed_on_at')", "postgresql": "more - 'passed_on_at'"}


def upgrade() -> None:
    left_behind = f"state IN {OPEN} AND area <> {ANCHORED}"
    more = NOT_PASSED_ON[op.get_bind().dialect.name]
    for change, which in (
        (f"more = {more}", f"state = 'requested' AND {left_behind}"),
        (f"area = {ANCHORED}, version = version + 1", left_behind),
    ):
        op.execute(f"UPDATE presentations SET {change} WHERE {which}")  # noqa: S608 - of words above, and no others
