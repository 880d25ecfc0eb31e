-- The cells of harms that are numbers (no rates), about everybody (no age or sex), within the limits asked for.
SELECT * FROM given
WHERE unit = 'number' AND breakdown = 'all'
    AND ($place::VARCHAR IS NULL OR region = lower(trim($place::VARCHAR)))
    AND ($publication::VARCHAR IS NULL OR publication = $publication::VARCHAR)
    AND ($until::DATE IS NULL OR period_end <= $until::DATE)
