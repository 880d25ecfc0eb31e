-- Joint events, one row for each kind of goods: what counts, and the least and the most that any agency reported.
WITH
sums AS (
    SELECT
        event, joint, event_day, credited, told_lead, counted_from, agency, category, drug,
        sum(mass_g) AS mass_g, sum(pieces)::BIGINT AS pieces, sum(money) AS money
    FROM reports
    WHERE is_joint
    GROUP BY ALL
)
SELECT
    joint AS joint_number, event_day AS seized_on, array_to_string(credited, ', ') AS credited_to, told_lead AS lead,
    counted_from, category, drug,
    count(*) AS reports, len(credited) AS agencies,
    max(mass_g) FILTER (agency = counted_from) AS mass_g, min(mass_g) AS mass_g_least, max(mass_g) AS mass_g_most,
    max(pieces) FILTER (agency = counted_from) AS pieces, min(pieces) AS pieces_least, max(pieces) AS pieces_most,
    count(*) = len(credited)
        AND count(DISTINCT {'mass_g': mass_g, 'pieces': pieces, 'money': money}) = 1 AS is_agreed
FROM sums
GROUP BY joint, event_day, credited, told_lead, counted_from, category, drug
ORDER BY event_day, joint, category, drug
