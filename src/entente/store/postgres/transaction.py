"""Everything a transaction can do in PostgreSQL, put together from its tables."""

from entente.store.postgres.askings import Askings
from entente.store.postgres.decisions import Decisions
from entente.store.postgres.duties import Duties
from entente.store.postgres.inbox import Inbox
from entente.store.postgres.intakes import Intakes
from entente.store.postgres.jobs import Jobs
from entente.store.postgres.keys import Keys
from entente.store.postgres.ledger import Ledger
from entente.store.postgres.listing import Listing
from entente.store.postgres.outbox import Outbox
from entente.store.postgres.outside import Outside
from entente.store.postgres.partners import Partners
from entente.store.postgres.people import People
from entente.store.postgres.recalls import Recalls
from entente.store.postgres.retention import Retention
from entente.store.postgres.sign_in import SignIn
from entente.store.postgres.tables import Tables
from entente.store.postgres.witnesses import Witnesses


class PostgresTransaction(
    Tables,
    Askings,
    Intakes,
    Ledger,
    Partners,
    Outbox,
    Inbox,
    Decisions,
    Duties,
    People,
    SignIn,
    Listing,
    Recalls,
    Retention,
    Witnesses,
    Keys,
    Jobs,
    Outside,
):
    """An entente.store.Transaction."""
