-- Every subject, stratum and period that was looked at, with a count of 0 where nothing was found.
-- By `tested`: looked at is what the record of the substance itself says; no record, not looked.
-- By `listed-reports`: a publication lists only what was found. From the first period in which it lists a substance
-- anywhere it is taken to look for it in every place and period that it covers; before, nobody knows.
WITH
-- one row where several forms of one substance were counted
told AS (
    SELECT
        subject, concat_ws(' ', publication, lower(place), basis) AS stratum, publication,
        period_start, last_day,
        CASE WHEN count(reported) = count(*) THEN sum(reported)::BIGINT END AS reported,
        CASE WHEN count(tested) = count(*) THEN max(tested) END AS tested,
        flatten(list(evidence)) AS evidence
    FROM cells
    GROUP BY ALL
),
covered AS (
    SELECT stratum, publication, period_start, last_day, sum(reported)::BIGINT AS listed
    FROM told
    GROUP BY ALL
),
since AS (
    SELECT subject, publication, min(period_start) AS listed_since
    FROM told
    GROUP BY ALL
)
SELECT
    subject, stratum, period_start, last_day AS period_end,
    least(reported, tested) AS "count", tested AS "of", evidence
FROM told
WHERE $denominator = 'tested' AND reported IS NOT NULL AND tested IS NOT NULL
UNION ALL
SELECT
    since.subject, covered.stratum, covered.period_start, covered.last_day,
    coalesce(told.reported, 0), covered.listed, told.evidence
FROM since
JOIN covered ON covered.publication = since.publication
    AND covered.period_start >= since.listed_since
LEFT JOIN told ON told.subject = since.subject AND told.stratum = covered.stratum
    AND told.period_start = covered.period_start AND told.last_day = covered.last_day
WHERE $denominator = 'listed-reports' AND covered.listed > 0
  AND (told.subject IS NULL OR told.reported IS NOT NULL)
