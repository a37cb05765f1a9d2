import type { Random } from '@tweet-pipes/kit/random';
import { partitionKeyOf } from '../partition-key.ts';
import { type DraftWriter, pick } from './draft.ts';
import { type Malformed, malformed } from './malformed.ts';
import type { Meaning, SampleRecord } from './meaning.ts';
import { deleteNotice, type Shaped, shapes } from './shapes.ts';

/** The records of one tweet id, in order. Records of other ids may come between them. */
export interface Scenario {
  /** How often it occurs per thousand scenarios of a long sample. */
  perMille: number;
  /** 1-3; an upper bound. */
  records: number;
  play(stage: Stage): SampleRecord[];
}

/** What a scenario generates its records from. */
export interface Stage {
  writer: DraftWriter;
  random: Random;
}

const tweets: [string, Scenario][] = Object.keys(shapes).map((shape) => [
  shape,
  {
    perMille: 54,
    records: 1,
    play: (stage) => {
      const id = stage.writer.id();
      return [tweet(stage, id, 'kept', shape)];
    },
  },
]);

const rejects: [string, Scenario][] = Object.entries(malformed).map(([name, make]) => [
  name,
  {
    perMille: 1,
    records: 1,
    play: ({ writer }) => [rejected(make(writer.draft(), writer.decoys()))],
  },
]);

const stories: [string, Scenario][] = [
  ['the same record twice', story(50, 2, (stage, id) => twice(tweet(stage, id, 'kept'), 'duplicate'))],
  [
    'the same id with another text',
    story(30, 2, (stage, id) => [tweet(stage, id, 'kept'), tweet(stage, id, 'duplicate')]),
  ],
  ['deleted', story(40, 2, (stage, id) => [tweet(stage, id, 'removed'), notice(stage, id)])],
  ['deleted twice', story(8, 3, (stage, id) => [tweet(stage, id, 'removed'), ...twice(notice(stage, id), 'repeated')])],
  [
    'again after its delete notice',
    story(8, 3, (stage, id) => [tweet(stage, id, 'removed'), notice(stage, id), tweet(stage, id, 'after-deletion')]),
  ],
  [
    'deleted after a duplicate',
    story(8, 3, (stage, id) => [...twice(tweet(stage, id, 'removed'), 'duplicate'), notice(stage, id)]),
  ],
  [
    'delete notice before its tweet',
    story(8, 2, (stage, id) => [notice(stage, id), tweet(stage, id, 'after-deletion')]),
  ],
  ['delete notice without a tweet', story(8, 1, (stage, id) => [notice(stage, id)])],
  [
    'malformed, then well-formed',
    story(4, 2, (stage, id) => [
      rejected({ content: { id_str: id, entities: 7 }, reason: 'wrong-type: entities' }),
      tweet(stage, id, 'kept'),
    ]),
  ],
];

/** Every scenario by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map([...tweets, ...rejects, ...stories]);

function story(perMille: number, records: number, tell: (stage: Stage, id: string) => SampleRecord[]): Scenario {
  return { perMille, records, play: (stage) => tell(stage, stage.writer.id()) };
}

function tweet(
  { writer, random }: Stage,
  id: string,
  fate: (Meaning & { kind: 'tweet' })['fate'],
  shape = pick(random, Object.keys(shapes)),
): SampleRecord {
  const { record, item } = shaped(shape, writer, id);
  // X's v1.1 API escaped all but ASCII. Both forms must give the same item.
  const data = encode(record, random.next() < 0.25);
  return { partitionKey: id, data, meaning: { kind: 'tweet', id, item, fate } };
}

function shaped(shape: string, writer: DraftWriter, id: string): Shaped {
  const make = shapes[shape];
  if (make === undefined) throw new RangeError(`There is no shape "${shape}".`);
  return make({ draft: writer.draft(id), other: writer.draft(), decoys: writer.decoys() });
}

function notice({ writer }: Stage, id: string): SampleRecord {
  const { author, atMs } = writer.draft(id);
  return {
    partitionKey: id,
    data: encode(deleteNotice(id, author, atMs)),
    meaning: { kind: 'deletion', id, fate: 'first' },
  };
}

function rejected({ content, reason }: Malformed): SampleRecord {
  const data = content instanceof Uint8Array ? content : encode(content);
  return { partitionKey: partitionKeyOf(data), data, meaning: { kind: 'rejected', reason } };
}

/** The record and its duplicate, which has another fate. */
function twice(record: SampleRecord, fate: 'duplicate' | 'repeated'): SampleRecord[] {
  const { meaning } = record;
  if (meaning.kind === 'tweet' && fate === 'duplicate') return [record, { ...record, meaning: { ...meaning, fate } }];
  if (meaning.kind === 'deletion' && fate === 'repeated') return [record, { ...record, meaning: { ...meaning, fate } }];
  throw new TypeError(`A ${meaning.kind} is never ${fate}.`);
}

function encode(value: unknown, ascii = false): Uint8Array {
  const json = JSON.stringify(value);
  return Buffer.from(ascii ? json.replace(/[^\x20-\x7e]/g, escaped) : json);
}

function escaped(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
