import { expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import { logLineBytes, type StoredEvent, toLogEvent } from '../../../src/states/history/log-event.ts';

const executionArn = 'arn:aws:states:us-east-1:000000000000:express:W:e:1';

function lineAndCount(details: StoredEvent['details']): [line: number, count: number] {
  const event = { id: 12, type: 'PassStateEntered', previousId: 9, timestampMs: 1_767_225_600_000, details } as const;
  const line = Buffer.byteLength(JSON.stringify(toLogEvent({ ...event, bytes: 0 }, executionArn)));
  return [line, logLineBytes(event, executionArn)];
}

it('counts the bytes of the log line exactly, for any payload', () => {
  const json = fc.jsonValue({ stringUnit: 'binary' }).map((value) => structuredClone(value) as Json);
  const details = fc.record(
    {
      facts: fc.record({ name: fc.string(), stateEnteredEventId: fc.nat() }, { requiredKeys: [] }),
      input: json,
      output: json,
      parameters: json,
      assignedVariables: fc.array(fc.tuple(fc.stringMatching(/^[a-zé]{1,9}$/), json), { maxLength: 3 }).map(
        // A variable is assigned once in an event.
        (variables) => [...new Map(variables)],
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(details, (details) => {
      const [line, count] = lineAndCount(details);
      expect(count).toBe(line);
    }),
    { numRuns: 500 },
  );
});

it('counts a truncated payload by its truncated size', () => {
  const [line, count] = lineAndCount({ input: 'x'.repeat(260 * 1024) });
  expect(Math.abs(line - count)).toBeLessThanOrEqual(6);
  expect(line).toBeLessThan(249 * 1024);
});
