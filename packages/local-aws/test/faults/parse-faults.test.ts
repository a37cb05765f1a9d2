import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { faultsHelp } from '../../src/faults/help.ts';
import { parseFaults } from '../../src/faults/parse-faults.ts';
import { endpointKinds, type FaultSpec, FaultSpecError, functionKinds, pipeKinds } from '../../src/faults/spec.ts';
import refused from './cases/refused-specs.json' with { type: 'json' };

describe('a specification', () => {
  it('is rules and settings, with commas, semicolons or spaces between them', () => {
    const spec = parseFaults(
      'kinesis.PutRecords:throttle=5%, dynamodb.*:lose-answer=0.01x3;seed=7\n s3.Put*:latency=20%@50-200ms from=users sts.*:abandon=1%@5ms pipe.*:redeliver=10%',
    );
    expect(spec).toEqual({
      seed: 7,
      rules: [
        { on: 'kinesis.PutRecords', kind: 'throttle', rate: 0.05, times: Infinity, ms: [0, 0], from: 'everyone' },
        { on: 'dynamodb.*', kind: 'lose-answer', rate: 0.01, times: 3, ms: [0, 0], from: 'workers' },
        { on: 's3.Put*', kind: 'latency', rate: 0.2, times: Infinity, ms: [50, 200], from: 'workers' },
        { on: 'sts.*', kind: 'abandon', rate: 0.01, times: Infinity, ms: [5, 5], from: 'users' },
        // A pipe's rule has no callers, so from= does not apply to it.
        { on: 'pipe.*', kind: 'redeliver', rate: 0.1, times: Infinity, ms: [0, 0], from: 'workers' },
      ],
    });
  });

  it('means the same in JSON, as text or as an object', () => {
    const object: FaultSpec = {
      seed: 3,
      rules: [
        { on: '*.*', kind: 'latency', rate: 1, ms: [1, 2] },
        { on: 'function.*', kind: 'timeout', rate: 0.5, times: 2 },
      ],
    };
    const expected = parseFaults('*.*:latency=100%@1-2ms function.*:timeout=50%x2 seed=3');
    expect(parseFaults(object)).toEqual(expected);
    expect(parseFaults(JSON.stringify(object))).toEqual(expected);
  });

  it('hits the workers by default, and everyone where producers call', () => {
    const { rules } = parseFaults('kinesis.*:cut=1%,kinesis.PutRecord:cut=1%,from=key:me,kinesis.PutRecords:cut=1%');
    expect(rules.map(({ from }) => from)).toEqual(['workers', 'everyone', 'key:me']);
  });

  it.each(refused)('that is $name is refused with the reason', ({ input, expected }) => {
    const parse = () => parseFaults(typeof input === 'string' ? input : JSON.parse(JSON.stringify(input)));
    expect(parse).toThrow(FaultSpecError);
    expect(parse).toThrow(expected);
  });

  it('reports every problem at once', () => {
    expect(() => parseFaults('kinesis.Nope:cut=1%,pipe.*:throttle=1%')).toThrow(/Nope.*pipe\.\*:throttle/s);
  });

  it('is parsed or rejected with a FaultSpecError, whatever the text', () => {
    const piece = fc.constantFrom(
      'kinesis',
      '.',
      '*',
      ':',
      '=',
      '5%',
      ',',
      'cut',
      'seed',
      'x',
      '@',
      'ms',
      '{',
      '"',
      '7',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            parseFaults(text);
          } catch (error) {
            expect(error).toBeInstanceOf(FaultSpecError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has every kind in the help', () => {
    for (const kind of [...endpointKinds, ...pipeKinds, ...functionKinds])
      expect(faultsHelp).toMatch(new RegExp(`^ {6}${kind} `, 'm'));
  });
});
