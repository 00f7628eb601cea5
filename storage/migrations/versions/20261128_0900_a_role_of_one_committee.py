"""The chair's and the secretary's roles are held in one committee, so that a second one is apart from the first.

Until now there is but one, so theirs is known. A program from before writes no committee; the one there is is meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0900"
down_revision = "20261128_0850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("committee", sa.String(40), nullable=False, server_default=""))
        posts.drop_constraint("pk_posts", type_="primary")
        posts.create_primary_key("pk_posts", ["person", "role", "area", "committee"])
    op.execute(
        "UPDATE posts SET committee = (SELECT min(id) FROM committees)"
        " WHERE role IN ('chair', 'secretary') AND (SELECT count(*) FROM committees) = 1"
    )
