import type { Anchor } from '../svg/draw.ts';
import { type Box, boxAround, type Point } from '../svg/geometry.ts';
import type { SymbolName } from './symbols.ts';

/** A resource of the template: its type, and its logical id without the hash that the CDK appends. */
export interface Resource {
  readonly type: string;
  readonly id: string;
}

/**
 * Something that data passes or that keeps it. Coordinates are user units from the top left corner of the picture's
 * content.
 */
export interface Part extends Box {
  /** A `card` has a symbol and two lines of text, a `row` one line inside a `frame`. */
  readonly shape: 'card' | 'row' | 'frame';
  readonly symbol: SymbolName;
  readonly title: string;
  readonly caption: string;
  /** What it stands for in the template. A card that stands for several is a stack. */
  readonly resources: readonly Resource[];
}

/** A flow of data from some parts to others. */
export interface Flow {
  readonly from: readonly PartName[];
  readonly to: readonly PartName[];
  /** `failure` for what a pipe gives up, `call` for a question with an answer. */
  readonly kind: 'data' | 'failure' | 'call';
  /** The lines, from the source's border to the target's. */
  readonly lines: readonly (readonly Point[])[];
  readonly label?: { readonly text: string; readonly at: Point; readonly anchor: Anchor };
}

/** The name of a part. */
export type PartName = keyof typeof parts;

/** How much room the picture's content takes. */
export const size = { width: 952, height: 433 };

const p = (x: number, y: number): Point => ({ x, y });
const resource = (type: string) => (id: string) => ({ type, id });
const stream = resource('AWS::Kinesis::Stream');
const pipe = resource('AWS::Pipes::Pipe');
const workflow = resource('AWS::StepFunctions::StateMachine');
const table = resource('AWS::DynamoDB::Table');
const lambda = resource('AWS::Lambda::Function');
const firehose = resource('AWS::KinesisFirehose::DeliveryStream');
const bucket = resource('AWS::S3::Bucket');
const queue = resource('AWS::SQS::Queue');

const card = (x: number, y: number, symbol: SymbolName, title: string, caption: string, resources: Resource[]) => ({
  ...boxAround(p(x, y), { width: 150, height: 56 }),
  ...{ shape: 'card' as const, symbol, title, caption, resources },
});
const tableRow = (y: number, title: string, caption: string, id: string) => ({
  ...{ x: 764, y, width: 164, height: 34 },
  ...{ shape: 'row' as const, symbol: 'table' as const, title, caption, resources: [table(id)] },
});
const prefixRow = (y: number, title: string, caption: string) => ({
  ...{ x: 12, y, width: 176, height: 40 },
  ...{ shape: 'row' as const, symbol: 'bucket' as const, title, caption, resources: [bucket('ArchiveBucket')] },
});
const frame = (box: Box, symbol: SymbolName, title: string, caption: string) => ({
  ...box,
  ...{ shape: 'frame' as const, symbol, title, caption, resources: [] },
});

/** Everything that is drawn; frames come before what is in them. */
export const parts = {
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
} satisfies Record<string, Part>;

/** What flows where. */
export const flows: readonly Flow[] = [
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
];

/** References in the template where no data flows: what knows what, and why. */
export const acquaintances: readonly (Pick<Flow, 'from' | 'to'> & { readonly why: string })[] = [
  { from: ['workflow'], to: ['tweetStream'], why: 'The workflow asks which shards are open.' },
  { from: ['flatten'], to: ['hashtags', 'tweets'], why: 'The function writes the label of a table into its rows.' },
];

/** Types of resources that serve the drawn ones. */
export const supportingTypes: readonly string[] = [
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::Logs::LogStream',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];
