"""`open_store`: the one door to every engine."""

from entente.store.addresses import PostgresAddress, read_address
from entente.store.errors import DriverMissing
from entente.store.protocol import Store
from entente.store.sqlite import SqliteStore

WAIT_S = 10.0


def open_store(url: str, *, wait_s: float = WAIT_S) -> Store:
    """The store at `url`; a new one must be migrated before use.

    `sqlite:PATH` or a bare path; `sqlite:PATH?max_pages=N` limits the file to N pages of 4 KiB.
    `postgresql://...?schema=NAME` keeps it in a schema of the database (default: entente). Writers wait `wait_s`
    seconds for one another. Raises BadAddress, DriverMissing, NewerSchema, ForeignDatabase, StoreUnavailable,
    StoreDamaged.
    """
    address = read_address(url)
    if isinstance(address, PostgresAddress):
        store = _postgres(address, wait_s)
    else:
        store = SqliteStore(address.path, wait_s=wait_s, max_pages=address.max_pages)
    store.needs_migration()
    return store


def _postgres(address: PostgresAddress, wait_s: float) -> Store:
    try:
        from entente.store.postgres import PostgresStore
    except ImportError as error:
        raise DriverMissing(why=error.msg) from error
    return PostgresStore(address.conninfo, schema=address.schema, where=address.shown, wait_s=wait_s)
