-- Every change of one order, oldest first. The parameter is its id.
SELECT sequence, changed_at, change, {{columns}}, misfits
FROM sales_distinct
WHERE {{key}} = ?
ORDER BY sequence
