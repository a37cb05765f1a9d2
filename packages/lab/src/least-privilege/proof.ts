import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { FastForwardClock } from '@tweet-pipes/kit/clock';
import { messageOf } from '@tweet-pipes/kit/thrown';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { awsOnlyActions } from '@tweet-pipes/local-aws/iam/aws-only-actions';
import { Decisions } from './decisions.ts';
import { Histories } from './histories.ts';
import { judgeRights, type RightsVerdict } from './judge.ts';
import { Outage } from './outage.ts';
import { rareRights } from './rare-rights.ts';
import { principalsOf, type Right, type RoleWithPolicies } from './rights.ts';
import { RolePolicies } from './role-policies.ts';
import { type Part, parts, partsInOrder } from './workload.ts';

const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';
/** How long a part may take until a call is denied. */
const REMOVAL_LIMIT_MS = 60_000;

/** What {@link Proof.remove} saw. */
export interface Removal {
  readonly right: Right;
  /** `dynamodb:UpdateItem on arn:…`. Undefined: no call of the role was denied. */
  readonly denied: string | undefined;
  /** How the history of an execution tells it: `TaskFailed DynamoDb.AmazonDynamoDBException`. */
  readonly history: string | undefined;
  /** Whether a workflow was denied a call, and no history tells it. */
  readonly isUntold: boolean;
  /** How the last part of the workload failed. Undefined: it ended well. */
  readonly error: string | undefined;
}

/** The whole app on this machine, with its roles enforced and every question recorded. */
export class Proof {
  readonly #runtime: Runtime;
  readonly #clock: FastForwardClock;
  readonly #outage: Outage;
  readonly #decisions: Decisions;
  readonly #terminal: Terminal;
  readonly #policies: RolePolicies;
  readonly #histories: Histories;
  #roles: readonly RoleWithPolicies[] = [];
  #runs = 0;

  private constructor(
    runtime: Runtime,
    on: { clock: FastForwardClock; outage: Outage; decisions: Decisions; terminal: Terminal },
  ) {
    this.#runtime = runtime;
    this.#clock = on.clock;
    this.#outage = on.outage;
    this.#decisions = on.decisions;
    this.#terminal = { ...on.terminal, out: () => {}, err: () => {}, clock: on.clock };
    this.#policies = new RolePolicies(runtime.endpoint);
    this.#histories = new Histories(runtime.endpoint);
  }

  /** Nothing is written to `terminal`. `signal` ends the start. Throws the errors of startRuntime. */
  static async start(terminal: Terminal, signal?: AbortSignal): Promise<Proof> {
    const [clock, outage, decisions] = [new FastForwardClock(), new Outage(), new Decisions()];
    const runtime = await startRuntime({
      appFolder: PROJECT_FOLDER,
      assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
      region: REGION,
      clock,
      intercept: outage.intercept,
      context: {
        'tweetPipes:shards': 1,
        'tweetPipes:maximumRetryAttempts': 2,
        'tweetPipes:salesRatePerMinute': 60,
        // Few hours are skipped, so that no record becomes too old.
        'tweetPipes:forgetEveryHours': 1,
      },
      onDecision: decisions.onDecision,
      // What fails here fails on purpose.
      log: () => {},
      ...(signal && { signal }),
    });
    const proof = new Proof(runtime, { clock, outage, decisions, terminal });
    try {
      proof.#roles = await proof.#policies.read();
    } catch (error) {
      await proof.stop();
      throw error;
    }
    return proof;
  }

  /** The roles as the template has them. */
  get roles(): readonly RoleWithPolicies[] {
    return this.#roles;
  }

  /** Runs one part of the workload on new tweets. Throws what goes wrong in it. */
  async run(part: Part, signal: AbortSignal): Promise<void> {
    this.#decisions.part = part;
    this.#runs += 1;
    await parts[part]({
      ...{ runtime: this.#runtime, clock: this.#clock, outage: this.#outage, terminal: this.#terminal },
      ...{ seed: this.#runs, signal },
    });
  }

  /** What the parts of the workload that ran so far need. */
  judge(): RightsVerdict {
    const known = { awsOnly: awsOnlyActions, rare: rareRights };
    const account = { accountId: ACCOUNT_ID, region: REGION, clock: this.#clock };
    return judgeRights(this.#roles, this.#decisions.allowed(), known, account);
  }

  /** The parts of the workload that ask for what a right allows. None: only the start does. */
  partsOf({ questions }: RightsVerdict['needed'][number]): Part[] {
    const asking = new Set(questions.map(keyOf));
    const asked = this.#decisions.allowed().filter((each) => asking.has(keyOf(each)));
    return partsInOrder.filter((part) => asked.some((each) => each.parts.has(part)));
  }

  /**
   * Takes a right from its role in the running stacks and runs parts of the workload until a call of the role is
   * denied. Then the role gets its policies back. Resolves when nothing is pending.
   */
  async remove(right: Right, partsToRun: readonly Part[], signal: AbortSignal): Promise<Removal> {
    const role = this.#roles.find(({ name }) => name === right.roleName);
    if (role === undefined) throw new Error(`There is no role ${right.roleName}.`);
    const denial = this.#decisions.watch(role.name);
    const sinceMs = this.#clock.now();
    let error: string | undefined;
    await this.#policies.take(right);
    try {
      for (const part of partsToRun) {
        const ends = AbortSignal.any([signal, denial.signal, AbortSignal.timeout(REMOVAL_LIMIT_MS)]);
        // A part may fail without the right: what counts is the denial.
        await this.run(part, ends).catch((thrown: unknown) => {
          error = messageOf(thrown);
        });
        if (denial.call !== undefined || signal.aborted) break;
      }
    } finally {
      await this.#policies.restore(role);
    }
    await this.#runtime.whenIdle(AbortSignal.any([signal, AbortSignal.timeout(REMOVAL_LIMIT_MS)]));
    const { call } = denial;
    const history = call && (await this.#histories.find(role.arn, call, sinceMs));
    return {
      ...{ right, error, history },
      denied: call && `${call.action} on ${call.resource}`,
      isUntold: call !== undefined && history === undefined && principalsOf(role).includes('states.amazonaws.com'),
    };
  }

  async stop(): Promise<void> {
    this.#policies.close();
    this.#histories.close();
    await this.#runtime.stop();
  }
}

function keyOf({ roleName, request }: RightsVerdict['needed'][number]['questions'][number]): string {
  return JSON.stringify([roleName, request.action, request.resource]);
}
