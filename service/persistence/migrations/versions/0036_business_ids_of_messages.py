"""Keep the business id of messages, and with who waits for one the id its instance had when it began to.

Revision: 0036. After: 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("messages", "message_subscriptions", "start_triggers")


def upgrade() -> None:
    """Add the columns; who waits already has the id of the instance."""
    for table in TABLES:
        op.add_column(table, sa.Column("business_id", sa.Text()))
    op.execute(
        "UPDATE message_subscriptions SET business_id = (SELECT business_id FROM process_instances"
        " WHERE process_instances.key = message_subscriptions.instance_key)"
    )


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_column(table, "business_id")
