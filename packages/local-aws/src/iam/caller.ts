import { decoded } from '../gateway/decoded.ts';
import { WORKER_ACCESS_KEY_ID } from '../worker-key.ts';

/**
 * Who makes a call. The access key id of the signature tells it, and nothing verifies it: the endpoint is for the
 * owner of the machine (SECURITY.md).
 */
export type Caller =
  /** Any key that is not one of the runtime's: the account's administrator, who may do everything. */
  | { readonly kind: 'administrator' }
  /** A session of a role. `isWorker`: a part of the runtime works for a resource that has this role. */
  | { readonly kind: 'role'; readonly roleName: string; readonly sessionName: string; readonly isWorker: boolean }
  /**
   * An AWS service that acts for a resource without a role, as CloudWatch for an alarm: only resource policies count.
   */
  | { readonly kind: 'service'; readonly principal: string; readonly sourceArn: string }
  /** A part of the runtime that acts as itself, as no caller does on AWS. It may do everything. */
  | { readonly kind: 'runtime' };

/** Keys whose callers are kept. Beyond that all are dropped: users make up keys. */
const MOST_CALLERS = 1_000;

const ROLE = 'role';
const SERVICE = 'service';

/**
 * The access key id by which {@link callerOf} knows a session of a role. Slashes may be in a key id, commas and spaces
 * may not.
 */
export function roleKey(roleName: string, sessionName: string, { isWorker }: { isWorker: boolean }): string {
  return [isWorker ? WORKER_ACCESS_KEY_ID : 'session', ROLE, ...[roleName, sessionName].map(encodeURIComponent)].join(
    '/',
  );
}

/** The access key id of a service, such as `cloudwatch.amazonaws.com`, that acts for the resource `sourceArn`. */
export function serviceKey(principal: string, sourceArn: string): string {
  return [WORKER_ACCESS_KEY_ID, SERVICE, principal, encodeURIComponent(sourceArn)].join('/');
}

/** Whether a key is one of the runtime's own workers: of no role, of a role, or of a service. */
export function isWorkerKey(accessKeyId: string): boolean {
  return accessKeyId === WORKER_ACCESS_KEY_ID || accessKeyId.startsWith(`${WORKER_ACCESS_KEY_ID}/`);
}

/** Who calls with this access key id. What a user has made up need not be encoded. */
export function callerOf(accessKeyId: string): Caller {
  const [owner = '', kind, first, second = ''] = accessKeyId.split('/');
  const isWorker = owner === WORKER_ACCESS_KEY_ID;
  if (isWorker && kind === undefined) return { kind: 'runtime' };
  if (first === undefined || (!isWorker && owner !== 'session')) return { kind: 'administrator' };
  if (kind === ROLE) return { kind: 'role', roleName: decoded(first), sessionName: decoded(second), isWorker };
  if (kind === SERVICE && isWorker) return { kind: 'service', principal: first, sourceArn: decoded(second) };
  return { kind: 'administrator' };
}

/** {@link callerOf}, which decodes a key once: most calls are of few keys. */
export function keepCallers(): (accessKeyId: string) => Caller {
  const kept = new Map<string, Caller>();
  return (accessKeyId) => {
    const known = kept.get(accessKeyId);
    if (known !== undefined) return known;
    const caller = callerOf(accessKeyId);
    if (kept.size >= MOST_CALLERS) kept.clear();
    kept.set(accessKeyId, caller);
    return caller;
  };
}
