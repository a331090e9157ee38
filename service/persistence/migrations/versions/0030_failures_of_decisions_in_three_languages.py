"""Tell why a decision came to nothing in English and in Traditional Chinese too.

Revision: 0030. After: 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of those that stand there nobody has said which words are facts."""
    op.add_column("decision_instances", sa.Column("failure_english", sa.Text()))
    op.add_column("decision_instances", sa.Column("failure_traditional", sa.Text()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("decision_instances", "failure_traditional")
    op.drop_column("decision_instances", "failure_english")
