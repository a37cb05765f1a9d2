import { describe, expect, it } from '@jest/globals';
import { integrations } from '../../../src/states/integrations/catalog.ts';
import { outputModel } from '../../../src/states/integrations/output-models.ts';
import { call, failure, setUp } from '../service-fixture.ts';
import mockFields from './cases/mock-fields.json' with { type: 'json' };
import cases from './cases/test-state.json' with { type: 'json' };

/** A request with JSON values where the API takes their text. `mock.resultText` is a text that is no JSON. */
interface Request {
  input?: unknown;
  variables?: unknown;
  context?: unknown;
  mock?: { result?: unknown; resultText?: string; [member: string]: unknown };
  [member: string]: unknown;
}

interface Case {
  name: string;
  source: string;
  definition: object;
  request: Request;
  /** The members of the answer that are texts of JSON are given as values. */
  answer?: object;
  refusal?: [code: string, text: string];
}

const TEXTS = ['output', 'input', 'afterArguments', 'result', 'afterItemSelector', 'variables'];

function toWire(definition: object, { input, variables, context, mock, ...members }: Request) {
  const text = (name: string, value: unknown) => (value === undefined ? {} : { [name]: JSON.stringify(value) });
  const { resultText, result, ...others } = mock ?? {};
  return {
    definition: JSON.stringify(definition),
    ...members,
    ...text('input', input),
    ...text('variables', variables),
    ...text('context', context),
    ...(mock && { mock: { ...others, ...text('result', result), ...(resultText && { result: resultText }) } }),
  };
}

function fromWire(answer: object): object {
  const values = Object.entries(answer).map(([name, value]) => {
    if (TEXTS.includes(name)) return [name, JSON.parse(String(value))];
    return [name, name === 'inspectionData' && typeof value === 'object' ? fromWire(value) : value];
  });
  return Object.fromEntries(values);
}

function test(definition: object, request: Request) {
  return call(setUp().service, 'TestState', toWire(definition, request));
}

const named = (cases as Case[]).map((each) => [each.name, each] as const);

describe('TestState', () => {
  it.each(named.filter(([, { answer }]) => answer !== undefined))('runs %s', async (_, each) => {
    expect(fromWire(await test(each.definition, each.request))).toEqual(each.answer);
  });

  it.each(named.filter(([, { refusal }]) => refusal !== undefined))('refuses %s', async (_, each) => {
    expect(await failure(test(each.definition, each.request))).toEqual(each.refusal);
  });

  it('ends a state after five minutes', async () => {
    const { service, clock } = setUp();
    const definition = { QueryLanguage: 'JSONata', Type: 'Wait', Seconds: 301, End: true };
    const running = call(service, 'TestState', toWire(definition, {}));
    await clock.advance(300_000);
    expect(await running).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(clock.sleeping).toBe(0);
  });

  it('is stopped with the service', async () => {
    const { service } = setUp();
    const definition = { QueryLanguage: 'JSONata', Type: 'Wait', Seconds: 1, End: true };
    const running = failure(call(service, 'TestState', toWire(definition, {})));
    await service.stop();
    expect((await running)[0]).toBe('ServiceUnavailable');
  });
});

// Texts: AWS recording, localstack test_field_validation_mode and test_field_validation_mode_present, on other actions.
describe('the mock of a Task', () => {
  it.each(mockFields.map((each) => [each.name, each] as const))('with %s', async (_, each) => {
    const definition = { QueryLanguage: 'JSONata', Type: 'Task', Resource: each.resource, End: true };
    const outcome = async (fieldValidationMode: string | undefined) => {
      const run = test(definition, {
        mock: { result: each.result, ...(fieldValidationMode && { fieldValidationMode }) },
      });
      return run.then(
        () => null,
        (error: Error) => error.message,
      );
    };
    expect({
      byDefault: await outcome(undefined),
      STRICT: await outcome('STRICT'),
      PRESENT: await outcome('PRESENT'),
      NONE: await outcome('NONE'),
    }).toEqual({ byDefault: each.STRICT, STRICT: each.STRICT, PRESENT: each.PRESENT, NONE: null });
  });

  it.each([...integrations.values()].map((each) => [each.resource, each] as const))(
    '%s has a model',
    async (_, each) => {
      expect((await outputModel(each)).isStructSchema()).toBe(true);
    },
  );
});
