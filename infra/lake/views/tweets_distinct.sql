SELECT id, text, created_at, lang, user_id, user_name, hashtags, retweet_of, kind, position, arrived_at, datehour
FROM (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY split_part(position, ':', 2)) AS copy
  FROM tweets
  WHERE kind = 'tweet'
)
WHERE copy = 1
