-- What chemistry found near the harms of `places`, in the same region or its country, and how often before. One row for
-- each kind, source, region and substance that was found in the window.
WITH
chemistry AS (
    SELECT
        'drug-checking-count' AS kind, left(stratum, length(stratum) - length(region) - 1) AS source, region, subject AS substance, period_start, period_end,
        "count" AS found, "of" AS looked_at
    FROM checked
    UNION ALL
    SELECT
        'test-count', publication, lower(trim(jurisdiction)), lower(trim(substance_native)), period_start,
        coalesce(period_end, period_start), reported, tested
    FROM counted
    UNION ALL
    -- One sample with a result is one sample looked at, whatever was found in it.
    SELECT
        'lab-result', analysed._said_by, lower(trim(taken.place)), analysed.substance,
        coalesce(taken.seized_on, taken.received_on), coalesce(taken.seized_on, taken.received_on), 1, NULL
    FROM analysed JOIN taken ON taken.number = analysed.sample_number AND taken._said_by = analysed._said_by
),
placed AS (
    SELECT
        chemistry.*, places.place,
        CASE WHEN region = places.place THEN 'same-region'
             WHEN list_contains($also::VARCHAR[], region) THEN 'named' ELSE 'same-country' END AS nearness,
        period_start <= $last::DATE + $days_after::INTEGER AND period_end >= $first::DATE - $days_before::INTEGER AS is_near,
        period_end < $first::DATE - $days_before::INTEGER
            AND period_start >= $first::DATE - $days_before::INTEGER - $base_days::INTEGER AS is_before,
        greatest(0, $first::DATE - period_end, period_start - $last::DATE) AS days_apart
    FROM chemistry JOIN places
        ON region = places.place OR region = split_part(places.place, '-', 1) OR list_contains($also::VARCHAR[], region)
    WHERE period_start IS NOT NULL
),
samples AS (
    SELECT
        placed.place, nearness, source, region, count(DISTINCT number) FILTER (is_near) AS near_samples,
        count(DISTINCT number) FILTER (is_before) AS samples_before
    FROM placed JOIN taken ON taken._said_by = placed.source AND lower(trim(taken.place)) = placed.region
        AND coalesce(taken.seized_on, taken.received_on) = placed.period_start
    WHERE kind = 'lab-result' AND number IN (SELECT sample_number FROM analysed)
    GROUP BY ALL
)
SELECT
    placed.place, nearness, kind, source, region, substance,
    min(period_start) FILTER (is_near) AS period_start, max(period_end) FILTER (is_near) AS period_end,
    min(days_apart) FILTER (is_near) AS days_apart,
    sum(found) FILTER (is_near)::BIGINT AS found,
    -- Out of how many is known only where every period tells it.
    CASE WHEN kind = 'lab-result' THEN any_value(near_samples)
         WHEN count(looked_at) FILTER (is_near) = count(*) FILTER (is_near) THEN sum(looked_at) FILTER (is_near)
    END::BIGINT AS looked_at,
    -- A laboratory writes down what it finds, so what is not there was not found; a table may be silent.
    CASE WHEN kind = 'lab-result' THEN coalesce(sum(found) FILTER (is_before), 0) ELSE sum(found) FILTER (is_before)
    END::BIGINT AS found_before,
    CASE WHEN kind = 'lab-result' THEN any_value(samples_before)
         WHEN count(looked_at) FILTER (is_before) = count(*) FILTER (is_before) THEN sum(looked_at) FILTER (is_before)
    END::BIGINT AS looked_at_before
FROM placed LEFT JOIN samples USING (place, nearness, source, region)
GROUP BY placed.place, nearness, kind, source, region, substance
HAVING sum(found) FILTER (is_near) > 0
ORDER BY place, nearness DESC, kind, source, region, found DESC, substance
