import { createHash } from 'node:crypto';
import type { Random } from '@tweet-pipes/kit/random';
import type jsonata from 'jsonata';
import { parseBoundedJson } from '../../bounded-json.ts';
import { javaRandom } from './java-random.ts';
import { meter } from './meter.ts';

/** Time and randomness of one evaluation. */
export interface EvaluationTime {
  /** Milliseconds since the epoch, the same for the whole evaluation. */
  readonly nowMs: number;
  readonly random: Random;
}

const HASH_NAMES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Thrown by the functions below, with AWS's code. It becomes part of the cause of States.QueryEvaluationError. */
class FunctionError extends Error {
  readonly code = 'D3137';
}

/**
 * Adds the functions that Step Functions adds to JSONata, removes `$eval`, and takes time and randomness from the
 * evaluation's environment.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html}
 */
export function registerFunctions(expression: LibraryExpression): void {
  expression.assign('eval', undefined);
  expression.registerFunction('partition', partition, '<a-n?:a<a>>');
  expression.registerFunction('range', range, '<n-nn?:a<n>>');
  expression.registerFunction('hash', hash, '<s-s?:s>');
  expression.registerFunction('parse', parse, '<s-:x>');
  expression.registerFunction('uuid', uuid, '<:s>');
  expression.registerFunction('random', random, '<n?:n>');
  expression.registerFunction('shuffle', shuffle, '<a:a>');
  expression.registerFunction('millis', millis, '<:n>');
  expression.registerFunction('now', now, '<s?s?:s>');
}

/** What the functions above need of the evaluation that runs: at most one runs at a time, as nothing in it waits. */
let current: EvaluationTime | undefined;

/** Evaluates at that time. */
export function evaluateAt<T>(time: EvaluationTime, evaluate: () => T): T {
  current = time;
  return evaluate();
}

/** The names of the functions that draw from the evaluation's randomness. */
export const DRAWING_FUNCTIONS: ReadonlySet<string> = new Set(['random', 'shuffle', 'uuid']);

/** The randomness of one evaluation: the same stream for the same seed, so that it can be evaluated again. */
export function evaluationRandom(seed: string): Random {
  let drawn = 0;
  const draw = (): Buffer => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest();
  };
  return {
    next: () => draw().readUIntBE(0, 6) / 2 ** 48,
    uuid: () => {
      const bytes = draw().subarray(0, 16);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

interface LibraryExpression extends Omit<jsonata.Expression, 'evaluate'> {}

// What AWS does with missing, zero and negative arguments: floci-io/floci#2676, whose tests hold AWS's answers.

function partition(items: unknown[] | undefined, size: number | undefined): unknown[][] | undefined {
  if (items === undefined || items.length === 0) return undefined;
  const chunk = size === undefined ? items.length : Math.trunc(size);
  if (chunk < 0) throw new FunctionError('Second argument must be zero or greater');
  if (chunk === 0) return undefined;
  const parts: unknown[][] = [];
  for (let start = 0; start < items.length; start += chunk) parts.push(items.slice(start, start + chunk));
  return parts;
}

/** The range includes `end` if a step reaches it. It is a sequence: one item is a number, none is nothing. */
function range(start: number | undefined, end: number | undefined, step: number | undefined): number[] | undefined {
  if (start === undefined || end === undefined || step === undefined) return undefined;
  const [from, to, by] = [Math.trunc(start), Math.trunc(end), Math.trunc(step)];
  const length = by === 0 ? 0 : Math.max(0, Math.floor((to - from) / by) + 1);
  meter.grow(length);
  const items = Array.from({ length }, (_, index) => from + index * by);
  return Object.assign(items, { sequence: true });
}

function hash(data: string | undefined, algorithm: string | undefined): string | undefined {
  if (data === undefined || algorithm === undefined) return undefined;
  const name = HASH_NAMES[algorithm];
  if (name === undefined) {
    throw new FunctionError(
      `The hash algorithm must be one of ${Object.keys(HASH_NAMES).join(', ')}, but was ${algorithm}`,
    );
  }
  return createHash(name).update(data, 'utf8').digest('hex');
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw new FunctionError(`Invalid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function uuid(): string {
  return evaluationTime().random.uuid();
}

function random(seed: number | undefined): number {
  return seed === undefined ? evaluationTime().random.next() : javaRandom(Math.trunc(seed));
}

function shuffle(items: unknown[] | undefined): unknown[] | undefined {
  if (items === undefined) return undefined;
  const { random: source } = evaluationTime();
  const shuffled: unknown[] = [];
  for (const item of items) {
    const place = Math.floor(source.next() * (shuffled.length + 1));
    shuffled.push(shuffled[place]);
    shuffled[place] = item;
  }
  return shuffled;
}

function millis(): number {
  return evaluationTime().nowMs;
}

function now(this: jsonata.Focus, picture: string | undefined, timezone: string | undefined): unknown {
  // The library does not export its formatter, but binds the function $fromMillis, which uses it.
  const fromMillis: { implementation(this: jsonata.Focus, ms: number, picture?: string, timezone?: string): unknown } =
    this.environment.lookup('fromMillis');
  return fromMillis.implementation.call(this, evaluationTime().nowMs, picture, timezone);
}

function evaluationTime(): EvaluationTime {
  if (current === undefined) throw new Error('Nothing is being evaluated.');
  return current;
}
