-- Counts with their subject and place. What a substance is called: its code, else the base substance, else the name as the
-- source writes it, in capitals, so that sources that write differently meet. A place is compared without regard to
-- capitals and shown as first written.
WITH
named AS (
    SELECT
        *,
        coalesce(substance, upper(trim(substance_base)), upper(trim(substance_native))) AS subject,
        coalesce(period_end, period_start) AS last_day,
        min(trim(jurisdiction)) OVER (PARTITION BY lower(trim(jurisdiction))) AS place
    FROM "test-count"
)
SELECT
    * EXCLUDE (jurisdiction),
    lower(split_part(place, '-', 1)) AS country,
    CASE WHEN year(period_start) = year(last_day) THEN year(period_start)::BIGINT END AS calendar_year,
    CASE
        WHEN year(period_start) = year(last_day) AND (month(period_start) > 6) = (month(last_day) > 6)
        THEN printf('%d-H%d', year(period_start), CASE WHEN month(period_start) > 6 THEN 2 ELSE 1 END)
    END AS half_year,
    CASE
        WHEN date_trunc('month', period_start) = date_trunc('month', last_day) THEN strftime(period_start, '%Y-%m')
    END AS month
FROM named
WHERE ($place::VARCHAR[] IS NULL
    OR len([one FOR one IN $place::VARCHAR[] IF lower(place) = one OR starts_with(lower(place), one || '-')]) > 0)
  AND ($publication::VARCHAR[] IS NULL OR list_contains($publication::VARCHAR[], publication))
  AND ($from::DATE IS NULL OR period_start >= $from::DATE)
  AND ($until::DATE IS NULL OR last_day <= $until::DATE)
