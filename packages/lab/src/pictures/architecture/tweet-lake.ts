import type { Box } from '../svg/geometry.ts';
import {
  alwaysSupporting,
  card,
  description,
  exported,
  frame,
  p,
  type Resource,
  resource,
  row,
} from './description.ts';
import type { SymbolName } from './symbols.ts';

const pipe = resource('AWS::Pipes::Pipe');
const workflow = resource('AWS::StepFunctions::StateMachine');
const lambda = resource('AWS::Lambda::Function');
const firehose = resource('AWS::KinesisFirehose::DeliveryStream');
const bucket = resource('AWS::S3::Bucket');
const queue = resource('AWS::SQS::Queue');
const schedule = resource('AWS::Scheduler::Schedule');
const table = resource('AWS::Glue::Table');
const workGroup = resource('AWS::Athena::WorkGroup');

const around = (x: number, y: number, width: number): Box => ({ x, y: y - 17, width, height: 34 });
const core = (y: number, symbol: SymbolName, title: string, caption: string, outputs: string[]) =>
  row(around(12, y, 152), symbol, title, caption, outputs.map(exported));
const prefix = (y: number, title: string, caption: string) =>
  row(around(584, y, 152), 'bucket', title, caption, [bucket('Bucket')]);
const catalog = (y: number, title: string, caption: string, resources: Resource[]) =>
  row(around(796, y, 144), 'table', title, caption, resources);

/** The stack `TweetLake` with sentiment. What belongs to the stack `TweetPipes` is on the left. */
export const tweetLake = description({
  title: 'The tweet lake',
  subtitle:
    'Every tweet and delete notice as a row in S3, for Athena. Deleted tweets leave it. Sentiment is off by default.',
  size: { width: 952, height: 530 },
  parts: {
    core: frame({ x: 0, y: 12, width: 176, height: 460 }, 'stream', 'TweetPipes', 'the other stack'),
    stream: core(57, 'stream', 'Stream', 'Kinesis', ['TweetStreamName']),
    newTweets: core(215, 'stream', 'new tweets', 'stream', ['TweetTableStreamArn']),
    tweets: core(304, 'table', 'tweets', 'DynamoDB', ['TweetTableName']),
    deletions: core(400, 'table', 'deletions', 'DynamoDB', ['DeletionTableName']),
    archive: core(444, 'bucket', 'Archive', 'S3', ['ArchiveBucketName']),
    bucket: frame({ x: 572, y: 12, width: 176, height: 488 }, 'bucket', 'Lake', 'S3'),
    tweetFiles: prefix(57, 'tweets/', 'by hour'),
    errors: prefix(101, 'errors/', 'with reason'),
    sentimentFiles: prefix(215, 'sentiment/', 'by hour'),
    forgotten: prefix(400, 'forgotten/', 'counts'),
    results: prefix(470, 'query-results/', 'CSV'),
    delivery: card(463, 57, 'delivery', 'Delivery', 'Firehose', [firehose('DeliveryStream')]),
    flatten: card(463, 138, 'function', 'Flatten', 'Lambda', [lambda('FlattenTweetsFunction')]),
    deadLetters: card(279, 131, 'letter', 'Dead letters', 'SQS', [queue('SentimentDeadLetters')]),
    pipe: card(279, 215, 'pipe', 'Sentiment pipe', 'EventBridge Pipes', [pipe('SentimentPipe')]),
    sentimentDelivery: card(463, 215, 'delivery', 'Delivery', 'Firehose', [firehose('SentimentDeliveryStream')]),
    workflow: card(279, 304, 'workflow', 'Workflow', 'Step Functions', [workflow('SentimentWorkflowStateMachine')]),
    comprehend: card(463, 304, 'face', 'Sentiment', 'Comprehend', []),
    forget: card(463, 400, 'function', 'Forget', 'Lambda, cuts rows', [lambda('ForgettingForgetTweetsFunction')]),
    schedule: card(279, 484, 'clock', 'Twice a day', 'Scheduler', [schedule('ForgettingSchedule')]),
    forgetDeadLetters: card(463, 502, 'letter', 'Dead letters', 'SQS', [queue('ForgettingDeadLetters')]),
    catalog: frame({ x: 784, y: 12, width: 168, height: 158 }, 'table', 'Catalog', 'Glue'),
    lakeTables: catalog(57, '3 tables', 'lake', [
      table('CatalogTweets'),
      table('CatalogForgotten'),
      table('CatalogSentiment'),
    ]),
    archiveTables: catalog(97, '2 tables', 'archive', [table('CatalogDeleted'), table('CatalogQuarantine')]),
    views: catalog(137, '3 views', 'distinct', [
      table('CatalogTweetsDistinct'),
      table('CatalogTweetsLive'),
      table('CatalogSentimentDistinct'),
    ]),
    athena: card(868, 260, 'search', 'Queries', 'Athena', [workGroup('QueriesWorkGroup')]),
    clients: card(868, 370, 'terminal', 'You', 'CLI, notebook', []),
  },
  flows: [
    { from: ['stream'], to: ['delivery'], kind: 'data', lines: [[p(164, 57), p(388, 57)]] },
    { from: ['delivery'], to: ['flatten'], kind: 'call', lines: [[p(463, 85), p(463, 110)]] },
    { from: ['delivery'], to: ['tweetFiles'], kind: 'data', lines: [[p(538, 57), p(584, 57)]] },
    {
      from: ['delivery'],
      to: ['errors'],
      kind: 'failure',
      lines: [[p(538, 70), p(555, 70), p(555, 101), p(584, 101)]],
    },
    { from: ['newTweets'], to: ['pipe'], kind: 'data', lines: [[p(164, 215), p(204, 215)]] },
    {
      from: ['pipe'],
      to: ['deadLetters'],
      kind: 'failure',
      lines: [[p(279, 187), p(279, 159)]],
      label: { text: 'given up', at: p(286, 177), anchor: 'start' },
    },
    { from: ['pipe'], to: ['workflow'], kind: 'call', lines: [[p(279, 243), p(279, 276)]] },
    { from: ['workflow'], to: ['comprehend'], kind: 'call', lines: [[p(354, 304), p(388, 304)]] },
    { from: ['workflow'], to: ['tweets'], kind: 'data', lines: [[p(204, 304), p(164, 304)]] },
    { from: ['pipe'], to: ['sentimentDelivery'], kind: 'data', lines: [[p(354, 215), p(388, 215)]] },
    { from: ['sentimentDelivery'], to: ['sentimentFiles'], kind: 'data', lines: [[p(538, 215), p(584, 215)]] },
    {
      from: ['deletions'],
      to: ['forget'],
      kind: 'data',
      lines: [[p(164, 396), p(388, 396)]],
      label: { text: 'ids of deleted tweets', at: p(284, 390), anchor: 'middle' },
    },
    {
      from: ['forget'],
      to: ['tweetFiles', 'errors', 'sentimentFiles', 'forgotten', 'results'],
      kind: 'data',
      lines: [[p(538, 400), p(572, 400)]],
    },
    {
      from: ['forget'],
      to: ['archive'],
      kind: 'data',
      lines: [[p(388, 416), p(188, 416), p(188, 444), p(164, 444)]],
      label: { text: 'blanks records', at: p(284, 430), anchor: 'middle' },
    },
    {
      from: ['schedule'],
      to: ['forget'],
      kind: 'data',
      lines: [[p(354, 466), p(430, 466), p(430, 428)]],
    },
    {
      from: ['schedule', 'forget'],
      to: ['forgetDeadLetters'],
      kind: 'failure',
      lines: [
        [p(354, 502), p(388, 502)],
        [p(490, 428), p(490, 474)],
      ],
      label: { text: 'given up', at: p(497, 454), anchor: 'start' },
    },
    {
      from: ['bucket'],
      to: ['athena'],
      kind: 'data',
      lines: [[p(748, 252), p(793, 252)]],
    },
    { from: ['athena'], to: ['catalog'], kind: 'call', lines: [[p(868, 232), p(868, 170)]] },
    { from: ['clients'], to: ['athena'], kind: 'call', lines: [[p(868, 342), p(868, 288)]] },
    {
      from: ['athena'],
      to: ['results'],
      kind: 'data',
      lines: [[p(793, 274), p(768, 274), p(768, 470), p(736, 470)]],
    },
  ],
  acquaintances: [
    { from: ['lakeTables'], to: ['tweetFiles'], why: 'A table says where its files are.' },
    { from: ['archiveTables'], to: ['archive'], why: 'A table says where its files are.' },
  ],
  supportingTypes: [
    ...alwaysSupporting,
    'AWS::Athena::NamedQuery',
    // Reads files and makes tables of its own, only if it is started.
    'AWS::Glue::Crawler',
    'AWS::Glue::Database',
    'AWS::Logs::MetricFilter',
    'AWS::Scheduler::ScheduleGroup',
  ],
});
