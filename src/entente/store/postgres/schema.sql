-- Text sorts by code point in every database (COLLATE "C"), as it does in Python.
-- Text from files ("as written") is kept as bytes in UTF-8: it may hold NUL or broken Unicode.

CREATE TABLE setting (
    name text COLLATE "C" PRIMARY KEY,
    value text COLLATE "C" NOT NULL
);

CREATE TABLE partner (
    party text COLLATE "C" PRIMARY KEY,
    url text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    added_at timestamptz NOT NULL
);

-- No reference to partner: what was sent and received outlives a partner's entry.
CREATE TABLE position (
    party text COLLATE "C" PRIMARY KEY,
    sent_seq bigint NOT NULL DEFAULT 0,
    sent_id text COLLATE "C" NOT NULL DEFAULT '',
    received_seq bigint NOT NULL DEFAULT 0,
    received_id text COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE officer (
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    PRIMARY KEY (party, officer)
);

CREATE TABLE agreement (
    digest text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    source bytea NOT NULL,
    added_at timestamptz NOT NULL
);

-- No reference to agreement: a partner's signature may arrive before the text.
CREATE TABLE agreement_signature (
    agreement text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (agreement, party, officer)
);

-- The key is the officer's when it came in: a suspension outlives it.
CREATE TABLE agreement_suspension (
    agreement text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (agreement, party, officer)
);

CREATE TABLE node_key (
    party text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    state text COLLATE "C" NOT NULL,
    serial bigint NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (party, kind, public_key)
);

CREATE TABLE former_officer (
    party text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (party, officer, public_key)
);

CREATE TABLE record (
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    said_by text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    content_digest text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    is_simulated boolean NOT NULL,
    via text COLLATE "C",
    handling bytea,
    retain_until date,
    is_current boolean NOT NULL,
    PRIMARY KEY (id, version)
);

-- At most one current version of an id; also the order in which current records are read.
CREATE UNIQUE INDEX record_current ON record (id) WHERE is_current;
CREATE INDEX record_current_by_kind ON record (kind, id) INCLUDE (via) WHERE is_current;
-- The order in which received records come to the end of their time; what is erased has no digest.
CREATE INDEX record_retained ON record (retain_until, id) WHERE is_current AND via IS NOT NULL AND digest <> '';

CREATE TABLE intake (
    id text COLLATE "C" PRIMARY KEY,
    source bytea NOT NULL,
    source_digest text COLLATE "C" NOT NULL,
    reader text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    state text COLLATE "C" NOT NULL,
    finished_at timestamptz,
    kept bigint NOT NULL,
    unchanged bigint NOT NULL,
    quarantined bigint NOT NULL,
    size bigint NOT NULL DEFAULT 0,
    "position" bigint NOT NULL DEFAULT 0,
    header bytea NOT NULL DEFAULT '',
    corrects text COLLATE "C" NOT NULL DEFAULT '',
    is_simulated boolean NOT NULL DEFAULT false
);

CREATE TABLE quarantine (
    intake text COLLATE "C" NOT NULL REFERENCES intake (id),
    line bigint NOT NULL,
    field bytea NOT NULL,
    code text COLLATE "C" NOT NULL,
    value bytea NOT NULL,
    details bytea NOT NULL,
    "row" bytea NOT NULL,
    PRIMARY KEY (intake, line)
);

CREATE TABLE access (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    who text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    "count" bigint NOT NULL,
    ids_digest text COLLATE "C" NOT NULL
);

-- One row, from the first entry on.
CREATE TABLE ledger_head (
    one bigint PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    size bigint NOT NULL,
    frontier bytea NOT NULL
);

CREATE TABLE entry (
    "index" bigint PRIMARY KEY,
    type text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    subject text COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    leaf_hash bytea NOT NULL,
    opening bytea,
    salt bytea,
    CHECK ((opening IS NULL) = (salt IS NULL))
);

CREATE INDEX entry_subject ON entry (subject);
CREATE INDEX entry_type ON entry (type, "index");

CREATE TABLE checkpoint (
    origin text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    note bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (origin, size)
);

CREATE TABLE outbox (
    partner text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    record_id text COLLATE "C",
    record_version bigint,
    created_at timestamptz NOT NULL,
    attempts bigint NOT NULL,
    next_try_at timestamptz,
    leased_by text COLLATE "C",
    leased_until timestamptz,
    reason text COLLATE "C" NOT NULL,
    receipt bytea,
    PRIMARY KEY (partner, seq)
);

CREATE INDEX outbox_unsettled ON outbox (partner, seq) WHERE state IN ('queued', 'sent');
CREATE INDEX outbox_record ON outbox (record_id, partner, seq) WHERE record_id IS NOT NULL;

CREATE TABLE inbox (
    partner text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    received_at timestamptz NOT NULL,
    ledger_index bigint NOT NULL,
    record_id text COLLATE "C",
    PRIMARY KEY (partner, seq)
);

CREATE INDEX inbox_record ON inbox (record_id, partner, seq) WHERE record_id IS NOT NULL;
CREATE INDEX inbox_id ON inbox (id);
CREATE INDEX outbox_id ON outbox (id);

CREATE TABLE nonce (
    key_id text COLLATE "C" NOT NULL,
    nonce text COLLATE "C" NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce)
);

CREATE INDEX nonce_seen ON nonce (seen_at);

CREATE TABLE explanation (
    mask text COLLATE "C" PRIMARY KEY,
    body bytea NOT NULL
);

CREATE TABLE decision (
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    partner text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    mask text COLLATE "C" NOT NULL REFERENCES explanation (mask),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (record_id, partner, purpose, record_version)
);

CREATE TABLE release (
    id text COLLATE "C" PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    partner text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    needs bigint NOT NULL,
    approvals bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- What is owed about a message, by us or to us. No reference to outbox or inbox: one column, two streams.
CREATE TABLE duty (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('owed-by-us', 'owed-to-us')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    answered_at timestamptz,
    reminded text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX duty_open ON duty (direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_record ON duty (record_id);
CREATE INDEX duty_due ON duty (due, direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_about ON duty (about);

-- The version of each record that a version of a finding rests on.
CREATE TABLE evidence (
    finding_id text COLLATE "C" NOT NULL,
    finding_version bigint NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    record_version bigint NOT NULL,
    PRIMARY KEY (finding_id, finding_version, record_id)
);

CREATE INDEX evidence_record ON evidence (record_id);

CREATE TABLE account (
    name text COLLATE "C" PRIMARY KEY,
    person bytea NOT NULL,
    roles text COLLATE "C" NOT NULL,
    officer text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    password text COLLATE "C" NOT NULL,
    must_change boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    password_at timestamptz NOT NULL,
    given_by text COLLATE "C" NOT NULL DEFAULT '',
    given_at timestamptz
);

CREATE TABLE session (
    token text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    form_token text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    told bytea NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    way text COLLATE "C" NOT NULL DEFAULT 'password'
);

CREATE INDEX session_account ON session (account);

-- No reference to account: people mistype names, and attackers guess them.
CREATE TABLE attempt (
    name text COLLATE "C" PRIMARY KEY,
    failures bigint NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
);

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

-- What the current version of each record is found by. The indexes are the orders in which lists are read.
CREATE TABLE listing (
    record_id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    said_by text COLLATE "C" NOT NULL,
    via text COLLATE "C",
    is_simulated boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    day text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    purposes text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL
);

CREATE INDEX listing_recorded ON listing (recorded_at, record_id);
CREATE INDEX listing_day ON listing (day, record_id);
CREATE INDEX listing_kind ON listing (kind, record_id);

-- Records that are not erased at their day, though they might be.
CREATE TABLE hold (
    record_id text COLLATE "C" PRIMARY KEY,
    who text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL
);

-- Cosignatures that partners gave on our checkpoints: each note is ours with that one witness's line.
CREATE TABLE cosignature (
    witness text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    note bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (witness, size)
);

-- The last comparison of both streams with each partner; `fault` names what kept it from ending.
CREATE TABLE comparison (
    party text COLLATE "C" NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    fault text COLLATE "C" NOT NULL,
    body bytea NOT NULL
);

-- Evidence that a party contradicted what it had signed; `body` convinces others.
CREATE TABLE accusation (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    party text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    found_at timestamptz NOT NULL,
    body bytea NOT NULL
);

-- What partners ask of each other. No reference to outbox or inbox: one column, two streams.
CREATE TABLE asking (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('asked-by-us', 'asked-of-us')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    urgency text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    found bytea NOT NULL,
    approvals bytea NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    leaves_at timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX asking_state ON asking (direction, state, partner, about);
CREATE INDEX asking_day ON asking (partner, agreement, purpose, type, created_at) WHERE direction = 'asked-of-us';

-- A record is called back: by us from a partner, or by a partner from us.
CREATE TABLE recall (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('given', 'taken')),
    partner text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    wanted text COLLATE "C" NOT NULL,
    due timestamptz,
    state text COLLATE "C" NOT NULL,
    cause text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    receipt bytea,
    PRIMARY KEY (direction, partner, about)
);

CREATE INDEX recall_id ON recall (id);
CREATE INDEX recall_record ON recall (record_id);
CREATE INDEX recall_cause ON recall (cause) WHERE cause <> '';

-- What may not come back, by whatever way.
CREATE TABLE recalled (
    said_by text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    held_id text COLLATE "C" NOT NULL,
    via text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    wanted text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recall text COLLATE "C" NOT NULL,
    mark text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (said_by, record_id, held_id)
);

CREATE INDEX recalled_record ON recalled (record_id);
CREATE INDEX recalled_held ON recalled (held_id);
CREATE INDEX recalled_mark ON recalled (mark) WHERE mark <> '';

-- Whether a holder may hand a record on: what was asked, and what its originator answered.
CREATE TABLE redisclosure (
    direction text COLLATE "C" NOT NULL CHECK (direction IN ('asked', 'asked-of-us')),
    partner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    agreement text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    fields bytea NOT NULL,
    granted_until date,
    answer text COLLATE "C" NOT NULL,
    is_simulated boolean NOT NULL,
    created_at timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (direction, partner, id)
);

-- Whose turn regular work is, where several processes serve one node, and how it went.
CREATE TABLE turn (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    worker text COLLATE "C" NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE job (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    due_at timestamptz,
    fault text COLLATE "C" NOT NULL,
    failures bigint NOT NULL
);

-- Parties without a node: what is for them is handed over by people.
CREATE TABLE outside (
    party text COLLATE "C" NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    added_at timestamptz NOT NULL
);
