-- Hashtags of the last hour that were rarer in the 24 hours before: how many times as many tweets as in an average hour.
-- Both sides count one tweet more, so that a new hashtag with a single tweet does not come first. Deleted tweets count.
WITH recent AS (
  SELECT id, min_by(hashtags, split_part(position, ':', 2)) AS hashtags, min(arrived_at) AS arrived_at
  FROM tweets
  WHERE kind = 'tweet'
    AND datehour >= date_format(current_timestamp - INTERVAL '25' HOUR, '%Y/%m/%d/%H')
    AND arrived_at >= localtimestamp - INTERVAL '25' HOUR
  GROUP BY id
),
counted AS (
  SELECT
    hashtag,
    count_if(arrived_at >= localtimestamp - INTERVAL '1' HOUR) AS last_hour,
    count_if(arrived_at < localtimestamp - INTERVAL '1' HOUR) AS before
  FROM recent CROSS JOIN UNNEST(hashtags) AS t (hashtag)
  GROUP BY hashtag
)
SELECT
  hashtag,
  last_hour,
  before AS in_24_hours_before,
  round((last_hour + 1) / (CAST(before AS double) / 24 + 1), 2) AS times
FROM counted
WHERE last_hour > CAST(before AS double) / 24
ORDER BY times DESC, last_hour DESC, hashtag
LIMIT 50
