"""Keep the numbers that stand for messages of incidents, to find instances by them.

Revision: 0023. After: 0022.
"""

import sqlalchemy as sa
from alembic import op

from service.domain.message_hashes import hash_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_incidents = sa.table(
    "incidents",
    sa.column("key", sa.BigInteger),
    sa.column("message", sa.Text),
    sa.column("english", sa.Text),
    sa.column("message_hash", sa.Integer),
    sa.column("english_hash", sa.Integer),
)


def upgrade() -> None:
    """Add the columns and count the numbers of what is there."""
    for name in ("message_hash", "english_hash"):
        op.add_column("incidents", sa.Column(name, sa.Integer(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_incidents.c.key, _incidents.c.message, _incidents.c.english)
    ).all()
    for row in rows:
        english_hash = None if row.english is None else hash_of(row.english)
        connection.execute(
            sa.update(_incidents)
            .where(_incidents.c.key == row.key)
            .values(message_hash=hash_of(row.message), english_hash=english_hash)
        )


def downgrade() -> None:
    """Drop them."""
    for name in ("english_hash", "message_hash"):
        op.drop_column("incidents", name)
