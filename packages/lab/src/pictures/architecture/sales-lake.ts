import type { Box } from '../svg/geometry.ts';
import { alwaysSupporting, card, description, frame, p, type Resource, resource, row } from './description.ts';

const pipe = resource('AWS::Pipes::Pipe');
const stream = resource('AWS::Kinesis::Stream');
const ordersTable = resource('AWS::DynamoDB::Table');
const lambda = resource('AWS::Lambda::Function');
const firehose = resource('AWS::KinesisFirehose::DeliveryStream');
const bucket = resource('AWS::S3::Bucket');
const queue = resource('AWS::SQS::Queue');
const schedule = resource('AWS::Scheduler::Schedule');
const table = resource('AWS::Glue::Table');
const workGroup = resource('AWS::Athena::WorkGroup');

const around = (x: number, y: number, width: number): Box => ({ x, y: y - 17, width, height: 34 });
const prefix = (y: number, title: string, caption: string) =>
  row(around(788, y, 152), 'bucket', title, caption, [bucket('Bucket')]);
const catalog = (y: number, title: string, caption: string, resources: Resource[]) =>
  row(around(561, y, 144), 'table', title, caption, resources);

/** The stack `SalesLake`. */
export const salesLake = description({
  title: 'The sales lake',
  subtitle:
    'Every change of the table of orders as a row in S3, from which Athena has the table as it is and as it was.',
  size: { width: 952, height: 478 },
  parts: {
    writers: card(75, 40, 'terminal', 'You', 'application, CLI', []),
    orders: card(261, 40, 'table', 'orders', 'DynamoDB', [ordersTable('Orders')]),
    pipe: card(447, 40, 'pipe', 'Order pipe', 'EventBridge Pipes', [pipe('OrderPipe')]),
    stream: card(633, 40, 'stream', 'Changes', 'Kinesis, by order', [stream('Changes')]),
    schedule: card(75, 150, 'clock', 'Each minute', 'off by default', [schedule('GeneratorSchedule')]),
    generator: card(261, 150, 'function', 'Generator', 'Lambda', [lambda('GeneratorGenerateOrdersFunction')]),
    generatorDeadLetters: card(261, 260, 'letter', 'Dead letters', 'SQS', [queue('GeneratorDeadLetters')]),
    pipeDeadLetters: card(447, 150, 'letter', 'Dead letters', 'SQS', [queue('OrderPipeDeadLetters')]),
    delivery: card(633, 150, 'delivery', 'Delivery', 'Firehose', [firehose('DeliveryStream')]),
    flatten: card(633, 246, 'function', 'Flatten', 'Lambda', [lambda('FlattenOrdersFunction')]),
    bucket: frame({ x: 776, y: 105, width: 176, height: 165 }, 'bucket', 'Lake', 'S3'),
    rows: prefix(150, 'sales/', 'by hour'),
    errors: prefix(194, 'errors/', 'with reason'),
    results: prefix(238, 'query-results/', 'CSV'),
    catalog: frame({ x: 549, y: 304, width: 168, height: 116 }, 'table', 'Catalog', 'Glue'),
    salesTable: catalog(349, 'sales', 'changes', [table('CatalogSales')]),
    views: catalog(391, '2 views', 'distinct', [table('CatalogSalesDistinct'), table('CatalogCurrentOrders')]),
    athena: card(868, 360, 'search', 'Queries', 'Athena', [workGroup('QueriesWorkGroup')]),
    clients: card(868, 450, 'terminal', 'You', 'CLI, any client', []),
  },
  flows: [
    { from: ['writers'], to: ['orders'], kind: 'data', lines: [[p(150, 40), p(186, 40)]] },
    { from: ['orders'], to: ['pipe'], kind: 'data', lines: [[p(336, 40), p(372, 40)]] },
    { from: ['pipe'], to: ['stream'], kind: 'data', lines: [[p(522, 40), p(558, 40)]] },
    { from: ['schedule'], to: ['generator'], kind: 'data', lines: [[p(150, 150), p(186, 150)]] },
    { from: ['generator'], to: ['orders'], kind: 'data', lines: [[p(261, 122), p(261, 68)]] },
    {
      from: ['schedule', 'generator'],
      to: ['generatorDeadLetters'],
      kind: 'failure',
      lines: [
        [p(75, 178), p(75, 260), p(186, 260)],
        [p(261, 178), p(261, 232)],
      ],
      label: { text: 'given up', at: p(268, 210), anchor: 'start' },
    },
    {
      from: ['pipe'],
      to: ['pipeDeadLetters'],
      kind: 'failure',
      lines: [[p(447, 68), p(447, 122)]],
      label: { text: 'given up', at: p(454, 100), anchor: 'start' },
    },
    { from: ['stream'], to: ['delivery'], kind: 'data', lines: [[p(633, 68), p(633, 122)]] },
    { from: ['delivery'], to: ['flatten'], kind: 'call', lines: [[p(633, 178), p(633, 218)]] },
    { from: ['delivery'], to: ['rows'], kind: 'data', lines: [[p(708, 150), p(788, 150)]] },
    {
      from: ['delivery'],
      to: ['errors'],
      kind: 'failure',
      lines: [[p(708, 164), p(748, 164), p(748, 194), p(788, 194)]],
    },
    { from: ['bucket'], to: ['athena'], kind: 'data', lines: [[p(838, 270), p(838, 332)]] },
    { from: ['athena'], to: ['results'], kind: 'data', lines: [[p(904, 332), p(904, 255)]] },
    { from: ['athena'], to: ['catalog'], kind: 'call', lines: [[p(793, 360), p(717, 360)]] },
    { from: ['clients'], to: ['athena'], kind: 'call', lines: [[p(868, 422), p(868, 388)]] },
  ],
  acquaintances: [{ from: ['salesTable'], to: ['rows'], why: 'A table says where its files are.' }],
  supportingTypes: [
    ...alwaysSupporting,
    'AWS::Athena::NamedQuery',
    // Reads files and makes tables of its own, only if it is started.
    'AWS::Glue::Crawler',
    'AWS::Glue::Database',
    'AWS::KMS::Key',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
    'AWS::Scheduler::ScheduleGroup',
  ],
});
