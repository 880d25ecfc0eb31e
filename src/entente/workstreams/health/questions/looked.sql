-- Every substance in every period in which its publication looked for it, with 0 where nothing was found. A publication
-- that names a substance anywhere looks for it; a period that does not tell how many were tested, or a count that is not
-- told, is no looking.
WITH
periods AS (
    SELECT
        publication, region, period_start, last_day, max(tested) AS tested,
        min(_id || '/' || _version) FILTER (WHERE tested IS NOT NULL) AS tells_tested
    FROM counts
    GROUP BY ALL
    HAVING max(tested) > 0
),
named AS (
    SELECT DISTINCT publication, region, subject
    FROM counts
    WHERE is_substance
),
found AS (
    SELECT
        publication, region, period_start, last_day, subject,
        sum(positive)::BIGINT AS positive,
        bool_or(positive IS NULL) AS is_untold,
        bool_or(tested IS NOT NULL) AS is_tested_told,
        list(_id || '/' || _version ORDER BY _id) AS evidence
    FROM counts
    GROUP BY ALL
)
SELECT
    subject,
    region,
    publication || ' ' || region AS stratum,
    period_start,
    last_day AS period_end,
    coalesce(positive, 0) AS "count",
    tested AS "of",
    -- All records of one period tell the same number tested, so one that tells it stands for them.
    coalesce(evidence, []) || CASE WHEN is_tested_told THEN [] ELSE [tells_tested] END AS evidence
FROM named JOIN periods USING (publication, region)
LEFT JOIN found USING (publication, region, period_start, last_day, subject)
WHERE NOT coalesce(is_untold, FALSE)
