import { expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import { type StoredEvent, toLogEvent, toLogLine } from '../../../src/states/history/log-event.ts';

const executionArn = 'arn:aws:states:us-east-1:000000000000:express:W:e:1';

function eventWith(details: StoredEvent['details']): StoredEvent {
  return { id: 12, type: 'PassStateEntered', previousId: 9, timestampMs: 1_767_225_600_000, details };
}

it('is one line of JSON, for any payload, also when it is logged again', () => {
  const json = fc.jsonValue({ stringUnit: 'binary' }).map((value) => structuredClone(value) as Json);
  const details = fc.record(
    {
      facts: fc.record({ name: fc.string(), stateEnteredEventId: fc.nat() }, { requiredKeys: [] }),
      input: json,
      output: json,
      parameters: json,
      assignedVariables: fc.array(fc.tuple(fc.stringMatching(/^[a-zé]{1,9}$/), json), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(details, (details) => {
      for (let time = 0; time < 2; time += 1) {
        const line = toLogLine(eventWith(details), JSON.stringify(executionArn));
        expect(line).not.toContain('\n');
        expect(line).toBe(JSON.stringify(toLogEvent(eventWith(details), executionArn)));
      }
    }),
    { numRuns: 300 },
  );
});

it('stays below the size of an event with a payload that is cut', () => {
  const line = toLogLine(eventWith({ input: 'x'.repeat(260 * 1024) }), JSON.stringify(executionArn));
  expect(Buffer.byteLength(line)).toBeLessThan(249 * 1024);
});
