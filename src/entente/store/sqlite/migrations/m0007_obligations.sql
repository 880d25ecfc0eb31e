-- What was last written down about an answer that is due or overdue: a stage of entente.node.reminding.
ALTER TABLE duty ADD COLUMN reminded TEXT NOT NULL DEFAULT '';

CREATE INDEX duty_due ON duty (due, direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_about ON duty (about);

-- The order in which received records come to the end of their time; what is erased has no digest.
CREATE INDEX record_retained ON record (retain_until, id) WHERE is_current = 1 AND via IS NOT NULL AND digest <> '';

-- Records that are not erased at their day, though they might be.
CREATE TABLE hold (
    record_id TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
