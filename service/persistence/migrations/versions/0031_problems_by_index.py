"""Let earlier cases of a batch, and of a customer with a problem, be found by index.

Revision: 0031. After: 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

IS_PROBLEM = sa.text("CAST((facts ->> 'problem_type') AS TEXT) IS NOT NULL")


def upgrade() -> None:
    """Make the indexes over facts, of cases that are about a problem."""
    _index("batch", "batch_no")
    _index("problem", "customer_name", "problem_type")


def downgrade() -> None:
    """Take them back."""
    for name in ("problem", "batch"):
        op.drop_index(f"ix_cases_{name}", "cases")


def _index(name: str, *facts: str) -> None:
    texts = [sa.text(f"CAST((facts ->> '{fact}') AS TEXT)") for fact in facts]
    op.create_index(
        f"ix_cases_{name}",
        "cases",
        [*texts, "key"],
        postgresql_where=IS_PROBLEM,
        sqlite_where=IS_PROBLEM,
    )
