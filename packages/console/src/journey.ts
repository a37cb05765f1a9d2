/**
 * What `npx tweet-pipes trace <tweet id> --json` prints and `/_console/api/tweet` answers: everything that is known
 * about one tweet, in the order of time.
 */
export interface Journey {
  /** The tweet's id. */
  readonly id: string;
  /** Whether anything knows the tweet. */
  readonly known: boolean;
  readonly verdict: Verdict;
  readonly steps: readonly JourneyStep[];
  /** What could not be found out, why, and what would help. */
  readonly notKnown: readonly NotKnown[];
  /** The places that were searched: `table TweetPipes-Tweets`. */
  readonly looked: readonly string[];
}

/** Whether the tweet is counted, and if not, why. */
export interface Verdict {
  /** `partly`: for some hashtags. `pending`: it is on its way. */
  readonly counted: 'yes' | 'no' | 'partly' | 'pending' | 'not known';
  /** A sentence. */
  readonly why: string;
  /** What to do, a sentence; undefined where nothing is. */
  readonly do?: string;
  /** Name of the pipe that keeps the record waiting, because it is stopped, failed or cannot go on. */
  readonly pipe?: string;
}

export interface NotKnown {
  readonly what: string;
  readonly why: string;
  readonly do: string;
}

/** What happened to a tweet. */
export type JourneyEvent =
  /** A record with the tweet, or with a delete notice for it, came to the stream. */
  | 'arrived'
  /** The pipe has not processed the record. */
  | 'waiting'
  /** The pipe's filter dropped the record. */
  | 'filtered'
  /** An execution of the workflow saw the record; `decision` says what it did with it. */
  | 'execution'
  /** The tweet is or was an item of the table, from this record. */
  | 'stored'
  /** A record with the id of a tweet that is stored from another one. */
  | 'duplicate'
  /** A tweet that came after its delete notice. */
  | 'dropped'
  | 'quarantined'
  /** The order of the stream was broken for it, or it cannot be proved whether it was counted. */
  | 'in-doubt'
  /** A counter of a hashtag counts it; or does not, as the text says. */
  | 'counted'
  | 'not-counted'
  /** The pipe gave the record up: a dead letter. */
  | 'given-up'
  | 'redriven'
  /** A delete notice was carried out. */
  | 'deleted'
  /** The item left the table: a row of the archive. */
  | 'archived'
  /** A row of the lake. */
  | 'lake-row'
  | 'sentiment'
  /** Its rows and texts were removed from S3. */
  | 'forgotten';

export interface JourneyStep {
  /** When, ISO 8601 in UTC, without milliseconds where the store keeps seconds; null where no store or log tells. */
  readonly at: string | null;
  readonly what: JourneyEvent;
  /** One line for people, without content of the tweet. */
  readonly text: string;
  /** Position of the record that it is about. */
  readonly record?: string;
  /** ARN of the execution. */
  readonly execution?: string;
  /** What the execution did with the record: `stored`, `duplicate`, `redelivered`, … */
  readonly decision?: string;
  readonly hashtag?: string;
  /** The object in S3, `s3://bucket/key`. */
  readonly object?: string;
  /** Why, as the workflow or the pipe says it. */
  readonly reason?: string;
}
