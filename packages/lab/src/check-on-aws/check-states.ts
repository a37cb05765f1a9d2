import {
  type SFNClient,
  TestStateCommand,
  type TestStateCommandInput,
  type TestStateCommandOutput,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import { TokenBucket } from '@tweet-pipes/local-aws/pace/token-bucket';
import { findDifference } from './compare-answers.ts';
import { expectedAnswers } from './expected-answer.ts';
import type { Recording } from './record-visits.ts';
import { REQUEST_BYTES, requestBytes, stateRequest } from './state-request.ts';
import type { RecordedVisit } from './visit-recorder.ts';

/**
 * How a check ended. `same`: AWS answers what the local runtime answers. `different`: it answers something else.
 * `failed`: the state fails on AWS only. `refused`: AWS does not run it. `too large`: the request was not sent.
 */
export type Verdict = 'same' | 'different' | 'failed' | 'refused' | 'too large';

/** One checked state. */
export interface StateCheck {
  readonly state: string;
  /** Records in the batch. */
  readonly batch: number;
  readonly verdict: Verdict;
  /** From request to answer; absent when nothing was sent. */
  readonly ms?: number;
  /** What AWS said: status and next state, error and cause, or what differs. */
  readonly words: string;
}

/** What ValidateStateMachineDefinition said. */
export interface DefinitionCheck {
  readonly result: 'OK' | 'FAIL';
  readonly ms: number;
  /** `ERROR MISSING_END_STATE: Workflow has no terminal state at /` */
  readonly diagnostics: readonly string[];
}

/** AWS's quota of TestState: a bucket of 50 calls that refills by 10 a second. */
const QUOTA = { calls: 50, perSecond: 10 };
const QUOTA_WAIT_MS = 100;
/** Wait states take their time, so several tests run at once. */
const TESTS_AT_ONCE = 8;

/** The means to call AWS. */
export interface CheckMeans {
  readonly sfn: SFNClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Validates the definition as an Express one, with warnings. Rejects with the SDK's error. */
export async function checkDefinition(
  definition: string,
  { sfn, clock, signal }: CheckMeans,
): Promise<DefinitionCheck> {
  const startMs = clock.now();
  const command = new ValidateStateMachineDefinitionCommand({ definition, type: 'EXPRESS', severity: 'WARNING' });
  const { result, diagnostics = [] } = await sfn.send(command, { abortSignal: signal });
  return {
    result: result === 'OK' ? 'OK' : 'FAIL',
    ms: clock.now() - startMs,
    diagnostics: diagnostics.map(
      ({ severity, code, message, location }) =>
        `${severity} ${code}: ${message}${location === undefined ? '' : ` at ${location}`}`,
    ),
  };
}

/**
 * Repeats every recorded visit with TestState, within AWS's quota, in the order of the definition. Rejects with the
 * SDK's error when AWS cannot be reached or refuses the credentials.
 */
export async function checkStates(
  recording: Recording,
  means: CheckMeans,
  onChecked: (checked: number) => void = () => {},
): Promise<StateCheck[]> {
  const visits = inOrder(recording);
  const checks: StateCheck[] = [];
  const bucket = new TokenBucket(QUOTA.perSecond, means.clock.now(), QUOTA.calls);
  let next = 0;
  let checked = 0;
  const work = async () => {
    for (let index = next++; index < visits.length; index = next++) {
      const recorded = visits[index];
      if (recorded === undefined) return;
      means.signal.throwIfAborted();
      checks[index] = await checkState(recording.definition, recorded, means, bucket);
      checked += 1;
      onChecked(checked);
    }
  };
  await Promise.all(Array.from({ length: TESTS_AT_ONCE }, work));
  return checks;
}

function inOrder({ states, visits }: Recording): RecordedVisit[] {
  const place = new Map(states.map((name, index) => [name, index]));
  const placeOf = ({ visit }: RecordedVisit) => place.get(visit.state.name) ?? 0;
  return [...visits].sort((a, b) => placeOf(a) - placeOf(b) || a.batch - b.batch);
}

async function checkState(
  definition: string,
  { batch, visit }: RecordedVisit,
  means: CheckMeans,
  bucket: TokenBucket,
): Promise<StateCheck> {
  const request = stateRequest(definition, visit);
  const check = { state: visit.state.name, batch };
  const bytes = requestBytes(request);
  if (bytes > REQUEST_BYTES)
    return { ...check, verdict: 'too large', words: `not sent: ${bytes} bytes, AWS takes ${REQUEST_BYTES} a request` };
  while (!bucket.tryTake(1, means.clock.now())) await means.clock.sleep(QUOTA_WAIT_MS, means.signal);
  const startMs = means.clock.now();
  const answer = await sendTest(request, means);
  const ms = means.clock.now() - startMs;
  if ('refusal' in answer) return { ...check, ms, verdict: 'refused', words: answer.refusal };
  return { ...check, ms, ...(await judge(answer, request, means.signal)) };
}

/** AWS's answer, or its words when it refuses this one request, and not its caller. */
async function sendTest(
  request: TestStateCommandInput,
  { sfn, signal }: CheckMeans,
): Promise<TestStateCommandOutput | { refusal: string }> {
  try {
    return await sfn.send(new TestStateCommand(request), { abortSignal: signal });
  } catch (error) {
    if (!isNamed(error, 'InvalidDefinition', 'InvalidExecutionInput', 'ValidationException')) throw error;
    return { refusal: sentence(error) };
  }
}

async function judge(
  answer: TestStateCommandOutput,
  request: TestStateCommandInput,
  signal: AbortSignal,
): Promise<{ verdict: Verdict; words: string }> {
  const { expected, later } = await expectedAnswers(request, signal);
  if (answer.error !== undefined && expected.error === undefined) {
    const words = [answer.error, answer.cause].filter((text) => text !== undefined).join(': ');
    return { verdict: 'failed', words };
  }
  const difference = findDifference(expected, later, answer);
  if (difference !== undefined) return { verdict: 'different', words: difference };
  const { status = '', error, nextState } = answer;
  const what = error === undefined ? status : `${status} ${error}`;
  return { verdict: 'same', words: nextState === undefined ? what : `${what} → ${nextState}` };
}
