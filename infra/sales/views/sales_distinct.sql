SELECT
  orderid, product, category, price_minor, quantity, currency, customer, country, status, created_at, updated_at,
  change, sequence, changed_at, deleted, misfits, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY orderid, sequence ORDER BY datehour) AS copy
  FROM sales
)
WHERE copy = 1
