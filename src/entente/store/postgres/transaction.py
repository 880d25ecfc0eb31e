"""Everything a transaction can do in PostgreSQL, put together from its tables."""

from entente.store.postgres.decisions import Decisions
from entente.store.postgres.duties import Duties
from entente.store.postgres.inbox import Inbox
from entente.store.postgres.intakes import Intakes
from entente.store.postgres.ledger import Ledger
from entente.store.postgres.listing import Listing
from entente.store.postgres.outbox import Outbox
from entente.store.postgres.partners import Partners
from entente.store.postgres.people import People
from entente.store.postgres.tables import Tables


class PostgresTransaction(Tables, Intakes, Ledger, Partners, Outbox, Inbox, Decisions, Duties, People, Listing):
    """An entente.store.Transaction."""
