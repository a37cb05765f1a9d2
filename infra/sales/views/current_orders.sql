SELECT
  orderid, product, category, price_minor, quantity, currency, customer, country, status, created_at, updated_at,
  sequence, changed_at, misfits, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY orderid ORDER BY sequence DESC, datehour) AS newest
  FROM sales
)
WHERE newest = 1 AND NOT deleted
