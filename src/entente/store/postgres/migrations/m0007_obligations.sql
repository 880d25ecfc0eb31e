-- What was last written down about an answer that is due or overdue: a stage of entente.node.reminding.
ALTER TABLE duty ADD COLUMN reminded text COLLATE "C" NOT NULL DEFAULT '';

CREATE INDEX duty_due ON duty (due, direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_about ON duty (about);

-- The order in which received records come to the end of their time; what is erased has no digest.
CREATE INDEX record_retained ON record (retain_until, id) WHERE is_current AND via IS NOT NULL AND digest <> '';

-- Records that are not erased at their day, though they might be.
CREATE TABLE hold (
    record_id text COLLATE "C" PRIMARY KEY,
    who text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL
);
