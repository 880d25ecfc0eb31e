"""Everything a transaction can do in SQLite, put together from its tables."""

from entente.store.sqlite.askings import Askings
from entente.store.sqlite.decisions import Decisions
from entente.store.sqlite.duties import Duties
from entente.store.sqlite.inbox import Inbox
from entente.store.sqlite.intakes import Intakes
from entente.store.sqlite.jobs import Jobs
from entente.store.sqlite.keys import Keys
from entente.store.sqlite.ledger import Ledger
from entente.store.sqlite.listing import Listing
from entente.store.sqlite.outbox import Outbox
from entente.store.sqlite.outside import Outside
from entente.store.sqlite.partners import Partners
from entente.store.sqlite.people import People
from entente.store.sqlite.recalls import Recalls
from entente.store.sqlite.retention import Retention
from entente.store.sqlite.sign_in import SignIn
from entente.store.sqlite.tables import Tables
from entente.store.sqlite.witnesses import Witnesses


class SqliteTransaction(
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
