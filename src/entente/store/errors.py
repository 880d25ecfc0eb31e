"""What can go wrong in a store, by whose fault. `{where}` never carries a password."""

from entente.errors import InputFault, Misconfigured, OurFault, Tampered, Unavailable


class StoreBusy(Unavailable):
    """The database {where} stayed locked by another writer ({why}); nothing of this was kept. Try again, and if it
    lasts, look for a program that holds the database."""


class StoreFull(Unavailable):
    """The database {where} has no room left ({why}); nothing of this was kept. Free space on its disk, or raise its
    size limit, and do it again."""


class StoreUnavailable(Unavailable):
    """The database {where} cannot be used: {why}. Check its address, its server and the permissions, then try again."""


class StoreDamaged(Tampered):
    """The database {where} is damaged: {why}. Leave it as it is for inspection, and restore the newest backup beside
    it."""


class EmptyStore(Misconfigured):
    """The database {where} holds no store yet. Create one with `entente init`, or correct the address."""


class OlderSchema(Misconfigured):
    """The database {where} has schema {found}, and this program needs {known}. Copy the database, then run
    `entente upgrade`."""


class NewerSchema(Misconfigured):
    """The database {where} has schema {found}, and this program knows only {known}. Install the version of Entente that
    wrote it, or a later one."""


class ForeignDatabase(Misconfigured):
    """The database {where} already holds tables of another program ({tables}). Give Entente a database or a schema of
    its own."""


class BadAddress(Misconfigured):
    """`{address}` is not the address of a database: {why}. Write sqlite:PATH, or
    postgresql://USER@HOST/DATABASE?schema=NAME."""


class DriverMissing(Misconfigured):
    """A PostgreSQL database needs the Python package psycopg, which does not load here: {why}. Install it with
    `pip install 'psycopg[binary]'`, or use a SQLite database."""


class UseYourOwnBackup(InputFault):
    """A PostgreSQL database is backed up with its own tools. Run `{command}`."""


class BackupExists(InputFault):
    """There is already a file at {target}. Choose another name for the backup."""


class TargetNotEmpty(InputFault):
    """The store {where} already holds rows in {table}. Move into a new, empty store."""


class UnstorableValue(InputFault):
    """A value cannot be kept by every database: {why}. Correct it where it comes from."""


class DoubleVersion(OurFault):
    """Version {version} of record {record_id} is already kept. Give a correction the next version number."""


class LedgerGap(OurFault):
    """The ledger has {expected} entries, so the next one has index {expected}, not {found}. Read the head of the ledger
    in the same write transaction and try again."""


class OutboxGap(OurFault):
    """The next message for {partner} has sequence number {expected}, not {found}. Read the position in the same write
    transaction and try again."""


class InboxGap(OurFault):
    """The next message from {partner} has sequence number {expected}, not {found}. Ask the partner for the messages
    between."""


class NoSuchPage(InputFault):
    """The list in the order `{order}` has no page after `{after}`. Begin again at the first page of the list."""


class NoSuchMessage(OurFault):
    """There is no message {seq} for {partner} in the outbox. Reconcile with the partner before you settle it."""


class ForkedCheckpoint(Tampered):
    """The log {origin} has two different checkpoints at size {size}. Keep both notes, stop relying on this log, and
    call your security officer."""


class BrokenRule(OurFault):
    """A row breaks a rule of the database {where}: {why}. Report the defect with the steps that led here."""


class ReadOnlyTransaction(OurFault):
    """A read transaction of {where} was asked to write. Open a write transaction for it."""


class TransactionOver(OurFault):
    """A transaction of {where} was used after its end. Do all reading and writing inside its `with` block."""


class CopyDiffers(OurFault):
    """The copy of table {table} in {where} differs: {why}. Nothing was kept; report the defect and keep using the old
    store."""
