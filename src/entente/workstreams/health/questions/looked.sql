-- Every substance in every period in which its publication looked for it, with 0 where nothing was found. A publication
-- that names a substance anywhere looks for it; a period that does not tell how many were tested, or a count that is not
-- told, is no looking.
WITH
periods AS (
    SELECT publication, region, period_start, last_day, max(tested) AS tested
    FROM counts
    GROUP BY ALL
    HAVING max(tested) > 0
),
named AS (
    SELECT DISTINCT publication, region, subject
    FROM counts
    WHERE is_substance AND ($subject::VARCHAR IS NULL OR subject = $subject::VARCHAR)
),
found AS (
    SELECT
        publication, region, period_start, last_day, subject,
        sum(positive)::BIGINT AS positive,
        bool_or(positive IS NULL) AS is_untold,
        list(_id || '/' || _version ORDER BY _id) FILTER (WHERE positive > 0) AS evidence
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
    coalesce(evidence, []) AS evidence
FROM named JOIN periods USING (publication, region)
LEFT JOIN found USING (publication, region, period_start, last_day, subject)
WHERE NOT coalesce(is_untold, FALSE)
