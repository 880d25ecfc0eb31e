-- Counts that fit the limits, with the name of the substance folded (publications differ in capitals) and the month and
-- year they lie in. A count whose period crosses the border of a month or year belongs to none, and says so with NULL.
WITH
dated AS (
    SELECT *, lower(trim(substance)) AS subject, coalesce(period_end, period_start) AS last_day
    FROM "drug-checking-count"
)
SELECT
    *,
    -- Results that name no substance, as WEDINOS words them; a bare number is what is left of a name split at its comma.
    subject NOT IN (
        'no active component identified',
        'unable to identify',
        'unknown (insufficient sample for further analysis)'
    ) AND NOT regexp_full_match(subject, '[0-9]+') AS is_substance,
    CASE WHEN year(period_start) = year(last_day) THEN year(period_start)::BIGINT END AS calendar_year,
    CASE
        WHEN date_trunc('month', period_start) = date_trunc('month', last_day) THEN strftime(period_start, '%Y-%m')
    END AS month
FROM dated
WHERE ($publication::VARCHAR IS NULL OR publication = $publication::VARCHAR)
  AND ($place::VARCHAR IS NULL OR region = lower(trim($place::VARCHAR)))
  AND ($from::DATE IS NULL OR period_start >= $from::DATE)
  AND ($until::DATE IS NULL OR last_day <= $until::DATE)
