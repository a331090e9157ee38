"""Find the messages that reached a subscription by an index, for the list of all subscriptions.

Revision: 0037. After: 0036.
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NAME = "ix_message_correlations_subscription"


def upgrade() -> None:
    """Add the index."""
    op.create_index(NAME, "message_correlations", ["subscription_key", "key"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, "message_correlations")
