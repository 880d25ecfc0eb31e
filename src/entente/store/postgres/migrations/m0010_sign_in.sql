ALTER TABLE account ADD COLUMN given_by text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN given_at timestamptz;
UPDATE account SET given_by = created_by, given_at = created_at;
ALTER TABLE session ADD COLUMN way text COLLATE "C" NOT NULL DEFAULT 'password';

-- What an account signs in with besides its password.
CREATE TABLE passkey (
    id text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    title bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    added_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE INDEX passkey_account ON passkey (account);

-- Whom another service knows, and who that is here.
CREATE TABLE identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    linked_at timestamptz NOT NULL,
    linked_by text COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identity_account ON identity (account);

-- No reference to account: who signs in with a passkey alone is not known yet.
CREATE TABLE step (
    token text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    held bytea NOT NULL,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (token, kind)
);
