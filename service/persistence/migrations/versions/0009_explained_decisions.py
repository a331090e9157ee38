"""Keep what every cell of an evaluated table said.

Revision: 0009. After: 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the signs of the cells and the notes; of decisions before, they are not known."""
    for name in ("cells", "notes"):
        kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        op.add_column("decision_instances", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("decision_instances", "notes")
    op.drop_column("decision_instances", "cells")
