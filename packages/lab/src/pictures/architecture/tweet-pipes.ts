import { alwaysSupporting, card, description, frame, p, resource, row } from './description.ts';

const stream = resource('AWS::Kinesis::Stream');
const pipe = resource('AWS::Pipes::Pipe');
const workflow = resource('AWS::StepFunctions::StateMachine');
const table = resource('AWS::DynamoDB::Table');
const lambda = resource('AWS::Lambda::Function');
const firehose = resource('AWS::KinesisFirehose::DeliveryStream');
const bucket = resource('AWS::S3::Bucket');
const queue = resource('AWS::SQS::Queue');

const tableRow = (y: number, title: string, caption: string, id: string) =>
  row({ x: 764, y, width: 164, height: 34 }, 'table', title, caption, [table(id)]);
const prefixRow = (y: number, title: string, caption: string) =>
  row({ x: 12, y, width: 176, height: 40 }, 'bucket', title, caption, [bucket('ArchiveBucket')]);

/** The stack `TweetPipes`. */
export const tweetPipes = description({
  title: 'tweet-pipes',
  subtitle: 'Tweets go in; exact hashtag counts, the tweets, and an archive of everything that is deleted come out.',
  size: { width: 952, height: 433 },
  parts: {
    producer: card(75, 70, 'terminal', 'Producer', 'files, X, samples', []),
    tweetStream: card(257, 70, 'stream', 'Tweet stream', 'Kinesis', [stream('TweetStream')]),
    ingestPipe: card(439, 70, 'pipe', 'Ingest pipe', 'EventBridge Pipes', [pipe('IngestPipe')]),
    workflow: card(621, 70, 'workflow', 'Workflow', 'Step Functions', [workflow('IngestWorkflowStateMachine')]),
    tables: frame({ x: 752, y: 12, width: 188, height: 192 }, 'table', 'Tables', 'DynamoDB'),
    hashtags: tableRow(40, 'hashtags', 'exact counts', 'TablesHashtags'),
    tweets: tableRow(80, 'tweets', 'text and author', 'TablesTweets'),
    deletions: tableRow(120, 'deletions', 'tombstones', 'TablesDeletions'),
    shards: tableRow(160, 'shards', 'high-water marks', 'TablesShards'),
    ingestDeadLetters: card(439, 168, 'letter', 'Dead letters', 'SQS', [queue('IngestDeadLetters')]),
    bucket: frame({ x: 0, y: 196, width: 200, height: 152 }, 'bucket', 'Archive bucket', 'S3'),
    quarantine: prefixRow(226, 'quarantine/', 'with reason'),
    deleted: prefixRow(296, 'deleted/', 'JSON lines, gzip'),
    firehose: card(365, 316, 'delivery', 'Delivery', 'Firehose', [
      firehose('TweetArchiveDeliveryStream'),
      firehose('HashtagArchiveDeliveryStream'),
    ]),
    archivePipe: card(621, 316, 'pipe', 'Archive pipe', 'EventBridge Pipes', [
      pipe('TweetArchivePipe'),
      pipe('HashtagArchivePipe'),
    ]),
    flatten: card(660, 401, 'function', 'Flatten', 'Lambda', [lambda('FlattenRemovalsFunction')]),
    archiveDeadLetters: card(365, 401, 'letter', 'Dead letters', 'SQS', [
      queue('TweetArchiveDeadLetters'),
      queue('HashtagArchiveDeadLetters'),
    ]),
  },
  flows: [
    { from: ['producer'], to: ['tweetStream'], kind: 'data', lines: [[p(150, 70), p(182, 70)]] },
    { from: ['tweetStream'], to: ['ingestPipe'], kind: 'data', lines: [[p(332, 70), p(364, 70)]] },
    { from: ['ingestPipe'], to: ['workflow'], kind: 'data', lines: [[p(514, 70), p(546, 70)]] },
    {
      from: ['workflow'],
      to: ['hashtags', 'tweets', 'deletions', 'shards'],
      kind: 'data',
      lines: [[p(696, 70), p(752, 70)]],
    },
    {
      from: ['ingestPipe'],
      to: ['ingestDeadLetters'],
      kind: 'failure',
      lines: [[p(439, 98), p(439, 140)]],
      label: { text: 'given up', at: p(446, 122), anchor: 'start' },
    },
    {
      from: ['workflow'],
      to: ['quarantine'],
      kind: 'data',
      lines: [[p(621, 98), p(621, 246), p(188, 246)]],
      label: { text: 'records that cannot be used', at: p(439, 240), anchor: 'middle' },
    },
    {
      from: ['hashtags', 'tweets'],
      to: ['archivePipe'],
      kind: 'data',
      lines: [
        [p(928, 57), p(952, 57), p(952, 316), p(700, 316)],
        [p(928, 97), p(952, 97), p(952, 316), p(700, 316)],
      ],
      label: { text: 'table streams, removals only', at: p(826, 310), anchor: 'middle' },
    },
    {
      from: ['archivePipe'],
      to: ['flatten'],
      kind: 'call',
      lines: [[p(660, 348), p(660, 373)]],
    },
    {
      from: ['archivePipe'],
      to: ['firehose'],
      kind: 'data',
      lines: [[p(546, 316), p(444, 316)]],
      label: { text: 'rows', at: p(495, 310), anchor: 'middle' },
    },
    { from: ['firehose'], to: ['deleted'], kind: 'data', lines: [[p(290, 316), p(188, 316)]] },
    {
      from: ['archivePipe'],
      to: ['archiveDeadLetters'],
      kind: 'failure',
      lines: [[p(566, 348), p(566, 401), p(444, 401)]],
      label: { text: 'given up', at: p(505, 395), anchor: 'middle' },
    },
  ],
  acquaintances: [
    { from: ['workflow'], to: ['tweetStream'], why: 'The workflow asks which shards are open.' },
    { from: ['flatten'], to: ['hashtags', 'tweets'], why: 'The function writes the label of a table into its rows.' },
  ],
  supportingTypes: [
    ...alwaysSupporting,
    'AWS::Budgets::Budget',
    'AWS::KMS::Key',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
  ],
});
