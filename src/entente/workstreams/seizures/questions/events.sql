-- Sums of the counted items of each group, and how many events they belong to.
SELECT
    {groups}
    count(DISTINCT event) AS events,
    count(DISTINCT event) FILTER (is_joint) AS joint_events,
    count(*) AS items,
    sum(mass_g) AS mass_g,
    sum(pieces)::BIGINT AS pieces,
    CASE WHEN count(DISTINCT currency) = 1 THEN sum(money) END AS money,
    CASE WHEN count(DISTINCT currency) = 1 THEN min(currency) END AS one_currency,
    count(*) FILTER (mass_g IS NULL AND pieces IS NULL AND money IS NULL) AS items_without_amount,
    count(*) FILTER (category = 'drug' AND mass_g IS NULL) AS items_without_mass
FROM {rows}
GROUP BY ALL
ORDER BY ALL
