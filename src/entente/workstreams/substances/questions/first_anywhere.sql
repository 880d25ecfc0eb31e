-- The first period in which each substance was reported, and where; and since when there are counts at all.
SELECT
    subject, min(place) AS first_place, period_start, min(last_day) AS period_end,
    (SELECT min(period_start) FROM cells) AS counts_since
FROM cells
WHERE reported > 0 AND ($subject::VARCHAR IS NULL OR upper(subject) = $subject::VARCHAR)
GROUP BY subject, period_start
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY period_start) = 1
ORDER BY subject
