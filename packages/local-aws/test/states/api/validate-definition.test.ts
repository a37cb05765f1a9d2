import { describe, expect, it } from '@jest/globals';
import { definitionText } from '../fixture.ts';
import { call, failure, setUp } from '../service-fixture.ts';

const loop = definitionText({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Retry: [], Next: 'A' } });
const retryOnPass = {
  severity: 'ERROR',
  code: 'SCHEMA_VALIDATION_FAILED',
  message: "Field 'Retry' is not supported",
  location: '/States/B',
};
const noEnd = { severity: 'ERROR', code: 'MISSING_END_STATE', message: 'Workflow has no terminal state' };

function validate(input: Record<string, unknown>) {
  return call(setUp().service, 'ValidateStateMachineDefinition', input);
}

function task(resource: string) {
  return definitionText({ S: { Type: 'Task', Resource: resource, End: true } });
}

// What violations there are is tested with parseDefinition. Codes, texts and locations of those here were measured:
// https://github.com/floci-io/floci/issues/2735; the express ones: AWS recording, localstack test_sfn_api_validation.
describe('ValidateStateMachineDefinition', () => {
  it('finds nothing in a valid definition', async () => {
    const definition = definitionText({ S: { Type: 'Succeed' } });
    expect(await validate({ definition, type: 'EXPRESS', severity: 'WARNING' })).toEqual({
      result: 'OK',
      diagnostics: [],
      truncated: false,
    });
  });

  it('gives every violation its code, text and location; one of the whole definition has no location', async () => {
    expect(await validate({ definition: loop })).toEqual({
      result: 'FAIL',
      diagnostics: [retryOnPass, noEnd],
      truncated: false,
    });
  });

  it('gives as many as asked for, and 0 means the maximum', async () => {
    expect(await validate({ definition: loop, maxResults: 1 })).toEqual({
      result: 'FAIL',
      diagnostics: [retryOnPass],
      truncated: true,
    });
    const misspelt = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`Misspelt${index}`, 1]));
    const definition = definitionText({ S: { Type: 'Pass', End: true, ...misspelt } });
    const answer = await validate({ definition, maxResults: 0 });
    expect(answer).toMatchObject({ result: 'FAIL', truncated: true });
    expect(answer).toHaveProperty('diagnostics.length', 100);
  });

  it.each([
    ['EXPRESS', 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', 'Express state machine'],
    [undefined, 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', 'The local runtime'],
    ['EXPRESS', 'arn:aws:states:::states:startExecution.sync:2', 'Express state machine'],
    ['STANDARD', 'arn:aws:states:::states:startExecution.sync:2', 'The local runtime'],
  ])('says of type %s with %s who does not support it: %s', async (type, resource, who) => {
    expect(await validate({ definition: task(resource), ...(type && { type }) })).toMatchObject({
      result: 'FAIL',
      diagnostics: [{ message: expect.stringMatching(`^${who} does not support`), location: '/States/S/Resource' }],
    });
  });

  it.each([
    [{ definition: '' }, /at 'definition'/],
    [{}, /at 'definition'/],
    [{ definition: loop, maxResults: 101 }, /at 'maxResults'/],
    [{ definition: loop, severity: 'INFO' }, /at 'severity'/],
    [{ definition: loop, type: 'FAST' }, /at 'type'/],
  ])('refuses %j', async (input, message) => {
    const [name, text] = await failure(validate(input));
    expect(name).toBe('ValidationException');
    expect(text).toMatch(message);
  });
});
