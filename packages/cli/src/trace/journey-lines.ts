import type { Journey, JourneyStep } from '@tweet-pipes/console/journey';
import { printable, type Terminal } from '../terminal/terminal.ts';

const answers = {
  yes: 'counted',
  no: 'not counted',
  partly: 'partly counted',
  pending: 'not counted yet',
  'not known': 'not known whether it is counted',
} as const;

/** A journey for people: the answer, a line a step, and the names of records, executions and objects below. */
export function journeyLines(journey: Journey, bold: Terminal['bold']): string[] {
  const { id, known, verdict, steps, notKnown, looked } = journey;
  const names = new Names();
  const lines = steps.map((step) => printable(stepLine(step, names)));
  return [
    bold(printable(`Tweet ${id}: ${answers[verdict.counted]}.`)),
    printable(`  ${verdict.why}`),
    ...(verdict.do === undefined ? [] : [printable(`  ${verdict.do}`)]),
    ...section('', lines),
    ...section('', names.lines.map(printable)),
    ...section(
      'Not known:',
      notKnown.map(({ what, why, do: remedy }) => printable(`  ${what}, because ${why}. ${remedy}`)),
    ),
    ...(known ? [] : ['', printable(`Looked in: ${looked.join(', ')}.`)]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return title === '' ? ['', ...lines] : ['', title, ...lines];
}

/** Short names of long ones: `record 1`, `object 2`. */
class Names {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(kind: 'record' | 'execution' | 'object', long: string): string {
    const known = this.#known.get(long);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const short = `${kind} ${number}`;
    this.#known.set(long, short);
    return short;
  }

  get lines(): string[] {
    const widest = Math.max(0, ...[...this.#known.values()].map(({ length }) => length));
    return [...this.#known].map(([long, short]) => `  ${short.padEnd(widest)}  ${long}`);
  }
}

/** The width of a time, so that texts stand under each other. */
const timeWidth = '2026-11-29 12:00:00.000'.length;
const positions = /(?:record )?(shardId-\d+:\d+)/g;

function stepLine({ at, text, record, object, execution }: JourneyStep, names: Names): string {
  const time = at === null ? '–' : at.replace('T', ' ').replace('Z', '');
  const own = record === undefined ? [] : [names.of('record', record)];
  const short = text.replaceAll(positions, (_match, position: string) => names.of('record', position));
  const where = [
    ...own,
    ...(execution === undefined ? [] : [names.of('execution', execution)]),
    ...(object === undefined ? [] : [names.of('object', object)]),
  ];
  return `${time.padEnd(timeWidth)}  ${short}${where.length === 0 ? '' : `  (${where.join(', ')})`}`;
}
