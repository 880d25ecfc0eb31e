ALTER TABLE account ADD COLUMN given_by TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN given_at TEXT;
UPDATE account SET given_by = created_by, given_at = created_at;
ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT 'password';

-- What an account signs in with besides its password.
CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    title BLOB NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    used_at TEXT
) STRICT;

CREATE INDEX passkey_account ON passkey (account);

-- Whom another service knows, and who that is here.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (name),
    linked_at TEXT NOT NULL,
    linked_by TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

CREATE INDEX identity_account ON identity (account);

-- No reference to account: who signs in with a passkey alone is not known yet.
CREATE TABLE step (
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    held BLOB NOT NULL,
    started_at TEXT NOT NULL,
    PRIMARY KEY (token, kind)
) STRICT;
