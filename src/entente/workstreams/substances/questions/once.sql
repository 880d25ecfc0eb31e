-- A publication is one thing, whoever says it: of several parties that say the same count, one is counted, the one that
-- tells most, and then the first by its code. `evidence` names the records of all of them.
WITH
keyed AS (
    SELECT *, lower(place) AS spot, upper(trim(substance_native)) AS written, coalesce(basis, '') AS counted_as
    FROM cells
),
said AS (
    SELECT
        publication, spot, written, period_start, last_day, counted_as, _said_by,
        max(substance) AS code,
        CASE WHEN count(reported) = count(*) THEN sum(reported)::BIGINT END AS reported,
        CASE WHEN count(tested) = count(*) THEN max(tested) END AS tested,
        list(_id || '/' || _version) AS evidence
    FROM keyed
    GROUP BY ALL
),
chosen AS (
    SELECT
        publication, spot, written, period_start, last_day, counted_as,
        arg_min(_said_by, (reported IS NULL, tested IS NULL, code IS NULL, _said_by)) AS _said_by,
        flatten(list(evidence)) AS evidence
    FROM said
    GROUP BY ALL
)
SELECT keyed.* EXCLUDE (spot, written, counted_as), chosen.evidence
FROM keyed JOIN chosen USING (publication, spot, written, period_start, last_day, counted_as, _said_by)
