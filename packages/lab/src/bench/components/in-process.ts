import { systemClock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { recordFilter } from '@tweet-pipes/local-aws/pipes/filter/record-filter';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import { compileTemplate } from '@tweet-pipes/local-aws/pipes/template/input-template';
import { renderTemplate } from '@tweet-pipes/local-aws/pipes/template/render';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import { examplePipe, examplePipeVariables } from '../../example-pipe.ts';
import type { LandedRecord } from '../drain.ts';
import { runWorkflow, workflowInput } from '../headline/workflow-calls.ts';
import type { RecordForm } from '../records.ts';
import { deployedHandler } from './deployed-handler.ts';
import { removals } from './removals.ts';

/** Work on a batch, to be repeated and timed. */
export interface Component {
  name: string;
  /** Number of records, states or events per repetition. */
  things: number;
  thing: 'record' | 'state' | 'event';
  /** Whether all work is done in this process, so that its processor time is what it takes. */
  isHere: boolean;
  work(): Promise<unknown> | unknown;
}

/** The template of the ingest pipe, and a pattern on record data, of which the stack has none. */
const inputTemplate = '{"tweet": <$.data>, "eventID": <$.eventID>, "arrivedAt": <$.approximateArrivalTimestamp>}';
const pattern = '{"data": {"lang": ["en", {"prefix": "d"}], "id_str": [{"exists": true}]}}';

/** Filter and input template of the pipes on a batch. Each pass reads the records from their bytes, as a pipe does. */
export function pipeComponents(batch: readonly LandedRecord[], form: RecordForm): Component[] {
  const read = () =>
    batch.map(({ record, shardId, sequenceNumber }) =>
      kinesisRecord(
        {
          Data: record.data,
          PartitionKey: record.partitionKey,
          SequenceNumber: sequenceNumber,
          ApproximateArrivalTimestamp: new Date(),
        },
        shardId,
        examplePipe,
      ),
    );
  const [passes, template] = [recordFilter([pattern], 'kinesis'), compileTemplate(inputTemplate)];
  return [
    {
      name: `event filter, ${form}`,
      thing: 'record',
      isHere: true,
      things: batch.length,
      work: () => read().filter(passes),
    },
    {
      name: `input template, ${form}`,
      thing: 'record',
      isHere: true,
      things: batch.length,
      work: () =>
        read().map(({ event, parsedEvent }) =>
          renderTemplate(template, { raw: event, parsed: parsedEvent, variables: examplePipeVariables }),
        ),
    },
  ];
}

/** The state ReadBatch alone, and the whole workflow with immediate answers of services. */
export function workflowComponents(
  definitionText: string,
  batch: readonly LandedRecord[],
  form: RecordForm,
): Component[] {
  const extraction = parseDefinition(extractionAlone(definitionText));
  const [whole, input] = [parseDefinition(definitionText), workflowInput(batch)];
  return [
    {
      name: `JSONata extraction, ${form}`,
      thing: 'record',
      isHere: true,
      things: batch.length,
      work: () => succeed(extraction, input),
    },
    {
      name: `whole workflow without services, ${form}`,
      thing: 'record',
      isHere: true,
      things: batch.length,
      work: () => runWorkflow(whole, batch),
    },
  ];
}

const items = 100;
/** A Map over 100 items with a Choice and a Pass each: 2 states an item, the Map and its successor. */
const plainStates = {
  QueryLanguage: 'JSONata',
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      Items: `{% [1..${items}] %}`,
      MaxConcurrency: 40,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'IsEven',
        States: {
          IsEven: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input % 2 = 0 %}', Next: 'Even' }],
            Default: 'Odd',
          },
          Even: { Type: 'Pass', Output: { even: '{% $states.input %}' }, End: true },
          Odd: { Type: 'Pass', Output: { odd: '{% $states.input %}' }, End: true },
        },
      },
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

/** The interpreter on states without calls and payload. */
export function interpreterComponent(): Component {
  const definition = parseDefinition(JSON.stringify(plainStates));
  return {
    name: 'interpreter',
    thing: 'state',
    isHere: true,
    things: 2 * items + 2,
    work: () => succeed(definition, {}),
  };
}

/** The deployed bundle of the flatten function, without Lambda around it. */
export async function flattenComponent(assemblyFolder: string, events: number): Promise<Component> {
  const batch = removals(events);
  const environment = { TABLE_LABELS: '{"tweets":"tweets"}', ARCHIVE_CONTENT: 'full' };
  const handler = await deployedHandler(assemblyFolder, environment);
  return {
    name: 'flatten Lambda, the handler in this process',
    thing: 'event',
    isHere: true,
    things: events,
    work: () => withoutOutput(() => handler(batch, { functionName: 'flatten-removals' })),
  };
}

/** The metrics that the function writes for Lambda would stand among the figures. */
async function withoutOutput<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

async function succeed(definition: ReturnType<typeof parseDefinition>, input: Json): Promise<void> {
  const { status, error, cause } = await runExecution({
    definition,
    input,
    runTask: async ({ integration }) => {
      throw new Error(`Nothing here calls ${integration.action}.`);
    },
    clock: systemClock,
    random: systemRandom,
  });
  if (status !== 'SUCCEEDED') throw new Error(`The execution ended as ${status}: ${error} ${cause}`);
}

/** The workflow, reduced to its state ReadBatch. */
function extractionAlone(definitionText: string): string {
  const definition: unknown = JSON.parse(definitionText);
  const states = isJsonObject(definition) ? definition.States : undefined;
  const read = isJsonObject(states) ? states.ReadBatch : undefined;
  if (!isJsonObject(definition) || !isJsonObject(read)) throw new Error('The workflow has no state ReadBatch.');
  const { Next: _, ...members } = read;
  return JSON.stringify({ ...definition, StartAt: 'ReadBatch', States: { ReadBatch: { ...members, End: true } } });
}
