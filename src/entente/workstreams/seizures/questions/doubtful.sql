-- What a reader of these events must know: how many are joint, how many of those have no agency that all call lead and
-- that reported, of how many the reports differ, and how many events of different agencies, not joined, look alike.
WITH
sums AS (
    SELECT event, agency, category, drug, sum(mass_g) AS mass_g, sum(pieces) AS pieces, sum(money) AS money
    FROM counted
    GROUP BY ALL
),
reports AS (SELECT DISTINCT event, agency FROM counted WHERE is_joint),
goods AS (SELECT DISTINCT event, category, drug FROM sums),
-- An agency that does not report what another does differs too.
told AS (
    SELECT reports.event, goods.category, goods.drug, sums.mass_g, sums.pieces, sums.money
    FROM reports JOIN goods ON goods.event = reports.event
    LEFT JOIN sums ON sums.event = reports.event AND sums.agency = reports.agency
        AND sums.category = goods.category AND sums.drug IS NOT DISTINCT FROM goods.drug
),
differing AS (
    SELECT DISTINCT event FROM told
    GROUP BY event, category, drug
    HAVING count(DISTINCT {'mass_g': mass_g, 'pieces': pieces, 'money': money}) > 1
),
alike AS (
    SELECT unnest(list(DISTINCT event)) AS event
    FROM counted
    WHERE NOT is_joint AND coalesce(mass_g, pieces, money) IS NOT NULL
    GROUP BY seized_on, region, category, drug, mass_g, pieces, money
    HAVING count(DISTINCT agency) > 1
)
SELECT
    count(DISTINCT event) AS events,
    count(DISTINCT event) FILTER (is_joint) AS joint,
    count(DISTINCT event) FILTER (is_joint AND told_lead IS NULL) AS without_lead,
    (SELECT count(*) FROM differing) AS differing,
    (SELECT count(DISTINCT event) FROM alike) AS alike
FROM counted
