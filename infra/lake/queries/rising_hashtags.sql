-- Hashtags of this hour that were rarer in the 24 hours before: how many times as many tweets as in an average hour.
-- Both sides count one tweet more, so that a new hashtag with a single tweet does not come first.
WITH counted AS (
  SELECT
    hashtag,
    count(DISTINCT CASE WHEN datehour = date_format(current_timestamp, '%Y/%m/%d/%H') THEN id END) AS this_hour,
    count(DISTINCT CASE WHEN datehour < date_format(current_timestamp, '%Y/%m/%d/%H') THEN id END) AS before
  FROM tweets CROSS JOIN UNNEST(hashtags) AS t (hashtag)
  WHERE kind = 'tweet' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY hashtag
)
SELECT
  hashtag,
  this_hour,
  before AS in_24_hours_before,
  round((this_hour + 1) / (CAST(before AS double) / 24 + 1), 2) AS times
FROM counted
WHERE this_hour > CAST(before AS double) / 24
ORDER BY times DESC, this_hour DESC, hashtag
LIMIT 50
