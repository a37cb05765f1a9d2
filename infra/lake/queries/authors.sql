-- Who tweets most in the last 24 hours, without deleted tweets, and how many of the tweets are retweets.
SELECT
  user_id,
  max_by(user_name, arrived_at) AS user_name,
  count(DISTINCT id) AS tweets,
  count(DISTINCT CASE WHEN retweet_of IS NOT NULL THEN id END) AS retweets
FROM tweets
WHERE kind = 'tweet'
  AND user_id IS NOT NULL
  AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  AND id NOT IN (
    SELECT id FROM tweets
    WHERE kind = 'delete' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  )
GROUP BY user_id
ORDER BY tweets DESC, user_id
LIMIT 100
