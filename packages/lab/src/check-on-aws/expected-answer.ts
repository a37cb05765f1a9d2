import type { TestStateCommandInput } from '@aws-sdk/client-sfn';
import { systemClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { answerTestState, type TestMeans } from '@tweet-pipes/local-aws/states/api/test-state';
import type { StateAnswer } from './compare-answers.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: '', accessKeyId: '' };
/** What is longer is the limit of the test, not a wait of the state. */
const LONGEST_WAIT_MS = 100_000;
/** Changes every part of a date and a time. */
const LATER_MS = 400 * 24 * 3_600_000 + 3_723_456;

/**
 * What the local runtime answers to a request of TestState, and what it answers at another time with another seed. A
 * request that it refuses gives the refusal as the error.
 */
export async function expectedAnswers(
  request: TestStateCommandInput,
  signal: AbortSignal,
): Promise<{ expected: StateAnswer; later: StateAnswer }> {
  const [expected, later] = await Promise.all([answerAt(0, request, signal), answerAt(LATER_MS, request, signal)]);
  return { expected, later };
}

async function answerAt(laterMs: number, request: TestStateCommandInput, signal: AbortSignal): Promise<StateAnswer> {
  const means: TestMeans = {
    clock: {
      now: () => systemClock.now() + laterMs,
      sleep: async (ms, stop) => (ms <= LONGEST_WAIT_MS ? undefined : systemClock.sleep(ms, stop)),
    },
    random: seededRandom(laterMs),
    runTaskAs: () => () => Promise.reject(new Error('A tested task has a mock.')),
    signal,
  };
  try {
    return await answerTestState({ ...request }, context, means);
  } catch (error) {
    if (error instanceof AwsError) return { error: sentence(error) };
    throw error;
  }
}
