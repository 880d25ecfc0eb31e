-- Two counts of one substance at one place, of one party or of one publication (whoever says it), that are about the same
-- days, or a place and a part of it.
WITH
told AS (
    SELECT DISTINCT 'party ' || _said_by AS owner, subject, place, publication, basis, period_start, last_day
    FROM cells
    UNION
    SELECT DISTINCT 'publication ' || publication, subject, place, publication, basis, period_start, last_day
    FROM cells
),
ordered AS (
    SELECT
        *,
        max(last_day) OVER earlier AS covered_until,
        arg_max(publication, last_day) OVER earlier AS covered_by
    FROM told
    WINDOW earlier AS (
        PARTITION BY owner, subject, lower(place) ORDER BY period_start, last_day, publication, basis
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
places AS (SELECT DISTINCT owner, subject, place, publication FROM told)
SELECT subject, place, covered_by AS first, publication AS second
FROM ordered
WHERE covered_until >= period_start
UNION ALL
SELECT part.subject, part.place, whole.publication || ' (' || whole.place || ')', part.publication
FROM places AS whole JOIN places AS part
    ON whole.owner = part.owner AND whole.subject = part.subject
    AND starts_with(lower(part.place), lower(whole.place) || '-')
ORDER BY ALL
LIMIT 1
