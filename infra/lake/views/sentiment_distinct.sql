SELECT id, lang, sentiment, positive, negative, neutral, mixed, error, position, detected_at, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY detected_at DESC, datehour) AS copy
  FROM sentiment
)
WHERE copy = 1
