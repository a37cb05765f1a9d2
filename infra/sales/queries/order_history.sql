-- Every change of one order, oldest first. The parameter is its id.
SELECT sequence, changed_at, change, status, product, quantity, price_minor, currency, updated_at
FROM sales_distinct
WHERE orderid = ?
ORDER BY sequence
