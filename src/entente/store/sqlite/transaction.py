"""Everything a transaction can do in SQLite, put together from its tables."""

from entente.store.sqlite.decisions import Decisions
from entente.store.sqlite.duties import Duties
from entente.store.sqlite.inbox import Inbox
from entente.store.sqlite.intakes import Intakes
from entente.store.sqlite.ledger import Ledger
from entente.store.sqlite.listing import Listing
from entente.store.sqlite.outbox import Outbox
from entente.store.sqlite.partners import Partners
from entente.store.sqlite.people import People
from entente.store.sqlite.tables import Tables


class SqliteTransaction(Tables, Intakes, Ledger, Partners, Outbox, Inbox, Decisions, Duties, People, Listing):
    """An entente.store.Transaction."""
