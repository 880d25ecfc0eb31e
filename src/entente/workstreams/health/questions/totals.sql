-- Samples tested are summed over the periods of a publication, once each, however many substances were found in them. A
-- substance that a publication names somewhere was looked for in all of its periods: no row there is zero of those tested.
WITH
periods AS (
    SELECT publication, region, _said_by, period_start, last_day, {times} max(tested) AS tested
    FROM counts
    GROUP BY ALL
),
looked AS (
    SELECT publication, region, {times} sum(tested)::BIGINT AS tested, count(tested) AS periods, count(*) AS all_periods
    FROM periods
    GROUP BY ALL
),
chosen AS (
    SELECT * FROM counts
    WHERE ($substance::VARCHAR IS NULL OR subject = $substance::VARCHAR)
      AND ($role::VARCHAR[] IS NULL OR list_contains($role::VARCHAR[], role))
),
series AS (SELECT DISTINCT publication, region, {roles} subject FROM chosen),
found AS (
    SELECT
        publication, region, {chosen_times} {roles} subject,
        sum(positive)::BIGINT AS positive,
        -- What was found in periods that do not tell how many were tested is part of no share.
        coalesce(sum(positive) FILTER (WHERE periods.tested IS NOT NULL), 0)::BIGINT AS positive_of_tested,
        count(*) - count(positive) AS rows_without_positive
    FROM chosen JOIN periods USING (publication, region, _said_by, period_start, last_day)
    GROUP BY ALL
),
filled AS (
    SELECT
        looked.*, series.* EXCLUDE (publication, region),
        CASE WHEN found.subject IS NULL THEN 0 ELSE found.positive END AS positive,
        coalesce(found.positive_of_tested, 0) AS positive_of_tested,
        coalesce(found.rows_without_positive, 0) AS rows_without_positive
    FROM looked
    JOIN series USING (publication, region)
    LEFT JOIN found
        ON found.publication = looked.publication AND found.region = looked.region AND found.subject = series.subject
        {same_group}
)
SELECT
    {groups} subject AS substance,
    sum(positive)::BIGINT AS positive,
    sum(tested)::BIGINT AS tested,
    sum(positive_of_tested)::BIGINT AS positive_of_tested,
    sum(periods)::BIGINT AS periods,
    (sum(all_periods) - sum(periods))::BIGINT AS periods_without_tested,
    sum(rows_without_positive)::BIGINT AS rows_without_positive
FROM filled
GROUP BY {groups} subject
ORDER BY {groups} subject
