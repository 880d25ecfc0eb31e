-- name: set_up
-- $1 search path, $2 longest wait for a lock. A receipt promises that the message survives a power cut, so a server that
-- commits asynchronously by default is overruled.
SELECT
    set_config('search_path', $1, false),
    set_config('lock_timeout', $2, false),
    set_config('TimeZone', 'UTC', false),
    set_config('DateStyle', 'ISO', false),
    set_config(
        'synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,
        false
    );

-- name: begin_reading
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: begin_writing
-- One writer at a time, as in SQLite: what a writer has read stays true, and two of them cannot wait for each other.
-- Readers are not held up, nor are they by this lock.
BEGIN ISOLATION LEVEL READ COMMITTED;
LOCK TABLE ledger_head IN EXCLUSIVE MODE;
