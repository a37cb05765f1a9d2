import { type AwsClients, type ClientOptions, createClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { AwsError } from '../../gateway/aws-error.ts';
import { WORKER_ACCESS_KEY_ID } from '../../worker-key.ts';
import type { AccessControl } from '../access-control.ts';
import { roleKey, serviceKey } from '../caller.ts';
import { roleNameOf } from '../role-names.ts';
import type { DecideForSession, WorkerSession } from '../worker-session.ts';
import { announceDecisions, type OnDecision } from './decisions.ts';

/** How long a session lasts, as that of a service on AWS. Then the role's trust policy is asked again. */
const SESSION_MS = 60 * 60 * 1000;

/** How the parts of the runtime act for the resources of stacks. */
export interface RoleSessions {
  /** `attempts`: of the SDK for each call; 1 for callers that count their own. Default: the SDK's. */
  clients(session: WorkerSession, attempts?: number): AwsClients;
  /** The clients of a caller by its key, for what a service does in the caller's name. */
  clientsOfKey(accessKeyId: string): AwsClients;
  /** The clients of a service without a role: resource policies decide. */
  serviceClients(principal: string, sourceArn: string): AwsClients;
  /** The access key id in the environment of a function. */
  keyOf(session: WorkerSession): string;
  readonly decide: DecideForSession;
  /** Closes all clients. */
  destroy(): void;
}

/** What {@link createRoleSessions} needs. */
export interface RoleSessionsOptions {
  /** Undefined: roles are off, and every session may do everything. */
  readonly access: AccessControl | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** Where clients connect, known when the endpoint has started. */
  address(): ClientOptions;
  readonly onDecision?: OnDecision | undefined;
}

/** Creates the sessions. Each has clients of its own, made when they are first used. */
export function createRoleSessions({ access, clock, address, onDecision }: RoleSessionsOptions): RoleSessions {
  const decide = access && announceDecisions(access, onDecision);
  const made = new Map<string, AwsClients>();
  /** By role, service and what it acts for: until when a session lasts. */
  const takenUntilMs = new Map<string, number>();
  /** The same for the sessions themselves: an execution asks for the clients of its own at each task. */
  const held = new WeakMap<WorkerSession, { clients: AwsClients; attempts: number | undefined; untilMs: number }>();

  const clientsOf = (accessKeyId: string, maxAttempts?: number): AwsClients => {
    const key = `${maxAttempts} ${accessKeyId}`;
    let clients = made.get(key);
    if (clients === undefined) {
      clients = createClients({ ...address(), accessKeyId, ...(maxAttempts !== undefined && { maxAttempts }) });
      made.set(key, clients);
    }
    return clients;
  };
  /** Returns until when the session lasts. Throws AccessDenied if the service may not take the role. */
  const take = ({ roleArn, principal, context }: WorkerSession, control: AccessControl, nowMs: number): number => {
    const key = `${roleArn} ${principal} ${context['aws:SourceArn']}`;
    const knownMs = takenUntilMs.get(key);
    if (knownMs !== undefined && knownMs > nowMs) return knownMs;
    const decision = control.mayAssume(roleArn, principal, context);
    if (!decision.isAllowed) throw new AwsError('AccessDenied', decision.sentence, { statusCode: 403 });
    const untilMs = nowMs + SESSION_MS;
    takenUntilMs.set(key, untilMs);
    return untilMs;
  };
  const nameOf = ({ roleArn }: WorkerSession): string => roleNameOf(roleArn) ?? roleArn;
  const keyOf = (session: WorkerSession): string =>
    access === undefined ? WORKER_ACCESS_KEY_ID : roleKey(nameOf(session), session.sessionName, { isWorker: true });

  return {
    clients(session, attempts) {
      if (access === undefined) return clientsOf(WORKER_ACCESS_KEY_ID, attempts);
      const nowMs = clock.now();
      const known = held.get(session);
      if (known !== undefined && known.attempts === attempts && known.untilMs > nowMs) return known.clients;
      const untilMs = take(session, access, nowMs);
      const clients = clientsOf(keyOf(session), attempts);
      held.set(session, { clients, attempts, untilMs });
      return clients;
    },
    clientsOfKey: (accessKeyId) => clientsOf(accessKeyId),
    serviceClients: (principal, sourceArn) =>
      clientsOf(access === undefined ? WORKER_ACCESS_KEY_ID : serviceKey(principal, sourceArn)),
    keyOf,
    decide(session, request) {
      if (decide === undefined) return { isAllowed: true };
      const { sessionName } = session;
      const caller = { kind: 'role', roleName: nameOf(session), sessionName, isWorker: true } as const;
      return decide(caller, request);
    },
    destroy() {
      for (const clients of made.values()) clients.destroy();
    },
  };
}
