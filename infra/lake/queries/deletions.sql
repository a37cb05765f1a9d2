-- What was deleted in the last 24 hours, and how many seconds after its tweet arrived. NULL if the lake has no tweet.
WITH notices AS (
  SELECT id, min(arrived_at) AS deleted_at
  FROM tweets
  WHERE kind = 'delete' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY id
),
stored AS (
  SELECT id, min(arrived_at) AS arrived_at
  FROM tweets
  WHERE kind = 'tweet'
  GROUP BY id
)
SELECT
  notices.id,
  stored.arrived_at,
  notices.deleted_at,
  date_diff('second', stored.arrived_at, notices.deleted_at) AS seconds
FROM notices LEFT JOIN stored ON stored.id = notices.id
ORDER BY notices.deleted_at DESC, notices.id
LIMIT 1000
