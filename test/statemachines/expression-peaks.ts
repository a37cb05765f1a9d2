import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Definition } from '@tweet-pipes/local-aws/states/definition/definition';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from '@tweet-pipes/local-aws/states/jsonata/bounds';
import type { Expression } from '@tweet-pipes/local-aws/states/jsonata/expression';
import { type Measurement, measureExpression } from '@tweet-pipes/local-aws/states/jsonata/measure';

/** The most that any evaluation of an expression took, by the strictest way of counting. */
type Peak = { -readonly [Bound in keyof ExpressionBounds]: number };

/** An expression within a definition. The definition holds it as read-only. */
interface ExpressionPlace {
  expression: Expression;
  location: string;
}

/** Measures each evaluation of a definition, beside the execution, and keeps the most by batch and place. */
export class ExpressionPeaks {
  readonly #batches = new Map<string, Map<string, Peak>>();
  #current = new Map<string, Peak>();

  /** What follows belongs to this batch. */
  begin(batch: string): void {
    this.#current = new Map();
    this.#batches.set(batch, this.#current);
  }

  /** Changes the definition so that its evaluations are measured. */
  observe(definition: Definition): void {
    for (const place of placesIn(definition)) {
      const { expression } = place;
      place.expression = {
        ...expression,
        evaluate: (bindings, environment) => {
          const measured = measureExpression(expression.source, bindings, environment);
          this.#note(`${stateOf(bindings)} ${place.location}`, measured);
          return expression.evaluate(bindings, environment);
        },
      };
    }
  }

  /** By place, what the current batch took. */
  get peaks(): ReadonlyMap<string, Readonly<Peak>> {
    return this.#current;
  }

  /**
   * Of the current batch, the places that took more than half of what AWS's engine allows in depth or memory. Processor
   * time is only printed: it is the machine's, not the expression's.
   */
  get beyondHalf(): [place: string, peak: Readonly<Peak>][] {
    return [...this.#current].filter(
      ([, { depth, memoryBytes }]) =>
        depth > AWS_EXPRESSION_BOUNDS.depth / 2 || memoryBytes > AWS_EXPRESSION_BOUNDS.memoryBytes / 2,
    );
  }

  /** A table of all batches, one row for each place. What took most bytes comes first. */
  toString(): string {
    const most = (place: string, of: keyof Peak) =>
      Math.max(...[...this.#batches.values()].map((peaks) => peaks.get(place)?.[of] ?? 0));
    const places = [...new Set([...this.#batches.values()].flatMap((peaks) => [...peaks.keys()]))];
    const rows = places
      .sort((a, b) => most(b, 'memoryBytes') - most(a, 'memoryBytes'))
      .map((place) => [
        place,
        `${most(place, 'depth')}`,
        ...[...this.#batches.values()].map((peaks) => cell(peaks.get(place))),
      ]);
    const table = [
      ['expression', 'depth', ...[...this.#batches.keys()].map((batch) => `${batch}: bytes, ms`)],
      ...rows,
    ];
    return table.map((row) => `| ${row.join(' | ')} |`).join('\n');
  }

  #note(place: string, { depths, bytes, cpuMs }: Measurement): void {
    const before = this.#current.get(place) ?? { depth: 0, memoryBytes: 0, cpuMs: 0 };
    this.#current.set(place, {
      depth: Math.max(before.depth, ...Object.values(depths)),
      memoryBytes: Math.max(before.memoryBytes, ...Object.values(bytes)),
      cpuMs: Math.max(before.cpuMs, cpuMs),
    });
  }
}

function cell(peak: Peak | undefined): string {
  return peak === undefined ? '–' : `${peak.memoryBytes}, ${peak.cpuMs.toFixed(1)}`;
}

function placesIn(value: unknown, seen = new Set<unknown>()): ExpressionPlace[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (isPlace(value)) return [value];
  const members = value instanceof Map ? [...value.values()] : Object.values(value);
  return members.flatMap((member) => placesIn(member, seen));
}

function isPlace(value: object): value is ExpressionPlace {
  return 'kind' in value && value.kind === 'expression' && 'expression' in value && 'location' in value;
}

function stateOf({ states }: Record<string, unknown>): string {
  const context = isJsonObject(states) ? states.context : undefined;
  const state = isJsonObject(context) ? context.State : undefined;
  return String(isJsonObject(state) ? state.Name : undefined);
}
