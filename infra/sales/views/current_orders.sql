SELECT {{columns}}, sequence, changed_at, misfits, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY {{keys}} ORDER BY sequence DESC, datehour) AS newest
  FROM sales
)
WHERE newest = 1 AND NOT deleted
