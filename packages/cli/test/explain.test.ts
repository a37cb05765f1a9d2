import { describe, expect, it } from '@jest/globals';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { WriteError, type WriteSummary } from '@tweet-pipes/producer/write-error';
import { explain, underWay } from '../src/explain.ts';

const summary: WriteSummary = {
  sent: 0,
  bytes: 0,
  retried: 0,
  throttled: 0,
  lost: 0,
  oversized: 0,
  seconds: 0,
  isAborted: false,
};

function named(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

describe('explaining errors', () => {
  it.each([
    [named('CredentialsProviderError', 'Could not load credentials from any providers')],
    [named('Error', 'Region is missing')],
  ])('shows both ways on, here and on AWS, for %s', (error) => {
    const explanation = explain(error, {});
    expect(explanation?.exitCode).toBe(1);
    expect(explanation?.message).toContain(
      `AWS_ENDPOINT_URL is not set, and for AWS itself something is missing: ${error.message}`,
    );
    expect(explanation?.message).toContain('`npx tweet-pipes local`');
    expect(explanation?.message).toContain('AWS_PROFILE and AWS_REGION');
  });

  it('repeats what a service answered', () => {
    const error = named('AccessDeniedException', 'User x is not authorized', { $metadata: { httpStatusCode: 400 } });
    expect(explain(error, {})?.message).toBe('AWS answered AccessDeniedException: User x is not authorized');
  });

  it('answers 1 when nothing was written before writing failed, else 2', () => {
    const cause = named('ResourceNotFoundException', 'Stream tweets not found', { $metadata: {} });
    expect(explain(new WriteError('stream tweets', summary, cause), {})?.exitCode).toBe(1);
    const partly = explain(new WriteError('stream tweets', { ...summary, sent: 7 }, cause), {});
    expect(partly?.exitCode).toBe(2);
    expect(partly?.message).toContain('7 records were written before.');
  });

  it('answers 2 for what fails after the start, and hides no defect', async () => {
    const failing = (error: Error) =>
      underWay({ env: {} }, () => Promise.reject(error)).catch((thrown: unknown) => thrown);
    expect(await failing(named('TimeoutError', 'timeout'))).toMatchObject({ name: 'CliError', exitCode: 2 });
    expect(await failing(new CliError('no'))).toMatchObject({ message: 'no', exitCode: 2 });
    const defect = new TypeError('x is not a function');
    expect(await failing(defect)).toBe(defect);
    expect(explain(defect, {})).toBeUndefined();
  });
});
