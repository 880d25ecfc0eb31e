-- A count of a publication of which two parties tell different numbers, or name different substances. What one of them
-- does not tell contradicts nothing.
WITH
said AS (
    SELECT
        publication, lower(place) AS spot, upper(trim(substance_native)) AS written, period_start, last_day, basis,
        _said_by,
        min(place) AS place, min(subject) AS subject, max(substance) AS code,
        CASE WHEN count(reported) = count(*) THEN sum(reported)::BIGINT END AS reported,
        CASE WHEN count(tested) = count(*) THEN max(tested) END AS tested
    FROM cells
    GROUP BY ALL
)
SELECT
    publication, min(subject) AS subject, min(place) AS place, period_start AS start,
    string_agg(_said_by, ', ' ORDER BY _said_by) AS parties
FROM said
GROUP BY publication, spot, written, period_start, last_day, basis
HAVING count(DISTINCT reported) > 1 OR count(DISTINCT tested) > 1 OR count(DISTINCT code) > 1
ORDER BY ALL
LIMIT 1
