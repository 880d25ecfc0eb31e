-- The items that count and fit. The report that counts was chosen before, so that no limit can make another one count.
SELECT * FROM reports
WHERE is_counted
  AND ($category::VARCHAR[] IS NULL OR list_contains($category::VARCHAR[], category))
  AND ($drug::VARCHAR[] IS NULL OR list_contains($drug::VARCHAR[], drug))
  AND ($region::VARCHAR[] IS NULL OR list_contains($region::VARCHAR[], region))
