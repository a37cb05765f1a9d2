import { describe, expect, it } from '@jest/globals';
import { billingDetails } from '../../../src/states/api/billing.ts';

const MEBIBYTE = 1024 * 1024;

// Formula: https://aws.amazon.com/step-functions/pricing/; the first row was recorded on AWS (localstack
// test_sfn_api_express, 2024-06-26).
describe('billingDetails', () => {
  it.each([
    [{ durationMs: 0, definitionBytes: 200, payloadBytes: 2, fanOutStates: 0 }, 100, 64],
    [{ durationMs: 100, definitionBytes: 200, payloadBytes: 262_144, fanOutStates: 4 }, 100, 64],
    [{ durationMs: 101, definitionBytes: MEBIBYTE, payloadBytes: MEBIBYTE / 4, fanOutStates: 52 }, 200, 64],
    [{ durationMs: 101, definitionBytes: MEBIBYTE, payloadBytes: MEBIBYTE / 4, fanOutStates: 53 }, 200, 128],
  ])('%j', (execution, billedDurationInMilliseconds, billedMemoryUsedInMB) => {
    expect(billingDetails(execution)).toEqual({ billedDurationInMilliseconds, billedMemoryUsedInMB });
  });
});
