-- For each substance and region the month in which it was first counted (of the days themselves nobody need know), what
-- was tested and found in it, and what was tested before by those who looked.
WITH
firsts AS (
    -- A count that does not tell how many were tested is no looking, but what it found is not new afterwards.
    SELECT subject, region, min(period_start) AS first_day, arg_min(last_day, (period_start, last_day)) AS first_end
    FROM counts
    WHERE positive > 0
    GROUP BY ALL
),
months AS (
    SELECT *, date_trunc('month', first_day)::DATE AS month_start, last_day(first_end) AS month_end
    FROM firsts
),
placed AS (
    SELECT
        *,
        period_end < first_day AS is_before,
        period_start >= month_start AND period_end <= month_end AS is_first_month
    FROM looked JOIN months USING (subject, region)
)
SELECT
    subject,
    region AS place,
    month_start AS period_start,
    month_end AS period_end,
    first_day,
    coalesce(sum("count") FILTER (is_first_month), 0)::BIGINT AS observed,
    coalesce(sum("of") FILTER (is_first_month), 0)::BIGINT AS "of",
    coalesce(sum("of") FILTER (is_before), 0)::BIGINT AS tested_before,
    coalesce(sum("of") FILTER (NOT is_before), 0)::BIGINT AS tested_since,
    sum("count")::BIGINT AS found_since,
    list_distinct(flatten(list(evidence) FILTER (is_first_month OR is_before))) AS evidence
FROM placed
GROUP BY ALL
ORDER BY first_day DESC, subject, place
