import type { Clock } from '@tweet-pipes/kit/clock';
import type { Caller } from '../caller.ts';
import { type DeniedRequest, denialReason, denialSentence } from '../denial.ts';

/** For how long a denial is listed. */
const LISTED_MS = 15 * 60_000;
/** Different denials that are listed, the latest. Keys of objects must not fill the memory. */
const MOST_LISTED = 100;

/** What a role or a service was denied, once or again and again. */
export interface NotedDenial {
  /** `role TweetPipes-Workflow`, or the service and for which resource it calls. */
  readonly who: string;
  /** Undefined for a service, which the policy of the resource must allow. */
  readonly roleName?: string;
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** AWS's sentence for the latest. */
  readonly sentence: string;
  /** Whether a statement denies it. Else none allows it. */
  readonly isExplicit: boolean;
  readonly count: number;
  /** Of the latest, epoch. */
  readonly lastMs: number;
}

/** What the policies denied in the last 15 minutes, by caller, action, resource and reason. */
export class Denials {
  readonly #clock: Pick<Clock, 'now'>;
  /** The latest is the last. With the session of the latest, undefined for a service. */
  readonly #noted = new Map<string, { denial: NotedDenial; sessionName: string | undefined }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Counts a denial. */
  note(caller: Caller, denied: DeniedRequest): void {
    const { action, resource, isExplicit } = denied;
    const who = callerWithoutSession(caller);
    const key = [who, action, resource, denialReason(denied)].join('\n');
    const count = (this.#noted.get(key)?.denial.count ?? 0) + 1;
    this.#noted.delete(key);
    const denial: NotedDenial = {
      ...{ who, action, resource, isExplicit, count },
      ...(caller.kind === 'role' && { roleName: caller.roleName }),
      sentence: denialSentence(denied),
      lastMs: this.#clock.now(),
    };
    this.#noted.set(key, { denial, sessionName: caller.kind === 'role' ? caller.sessionName : undefined });
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > MOST_LISTED && oldest !== undefined) this.#noted.delete(oldest);
  }

  /** Ends the denials whose latest was of this session: what asked is deleted. */
  forget(roleName: string, sessionName: string): void {
    for (const [key, noted] of this.#noted) {
      if (noted.denial.roleName === roleName && noted.sessionName === sessionName) this.#noted.delete(key);
    }
  }

  /** The latest first. */
  get list(): readonly NotedDenial[] {
    const sinceMs = this.#clock.now() - LISTED_MS;
    for (const [key, { denial }] of this.#noted) if (denial.lastMs <= sinceMs) this.#noted.delete(key);
    return [...this.#noted.values()].map(({ denial }) => denial).reverse();
  }
}

/** Who calls. A role has another session for each execution, which is left out. */
export function callerWithoutSession(caller: Caller): string {
  switch (caller.kind) {
    case 'role':
      return `role ${caller.roleName}`;
    case 'service':
      return `${caller.principal} for ${caller.sourceArn}`;
    case 'administrator':
    case 'runtime':
      return caller.kind;
  }
}
