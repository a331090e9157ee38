"""Keep documents that programs send without an end; only what pages send has one of its own.

Revision: 0039. After: 0038. A file that a page has sent in the last day before this stays, since nothing
tells it from a document.
"""

from alembic import op

BEFORE = "`is_bound` once a submitted form refers to it; unbound files are swept after a day."
AFTER = "`is_bound` once a submitted form refers to it; unbound files are swept at `expires_at`."

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say so."""
    _comment(AFTER)


def downgrade() -> None:
    """Say what was so."""
    _comment(BEFORE)


def _comment(text: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("attachments", text)
