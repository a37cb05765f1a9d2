SELECT {{columns}}, change, sequence, changed_at, deleted, misfits, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY {{keys}}, sequence ORDER BY datehour) AS copy
  FROM sales
)
WHERE copy = 1
