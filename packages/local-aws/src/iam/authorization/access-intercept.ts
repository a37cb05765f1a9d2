import { AwsError } from '../../gateway/aws-error.ts';
import type { Intercept, WireResponse } from '../../gateway/wire.ts';
import type { AccessControl, AccessRequest, Decision } from '../access-control.ts';
import { keepCallers } from '../caller.ts';
import type { PartitionKeys } from './asked.ts';
import { checkAssumedRoles, handsRoleOver } from './assumed-roles.ts';
import { announceDecisions, type OnDecision } from './decisions.ts';
import { batchOfDeletions } from './deletion-batch.ts';
import { unknownRights } from './denial-error.ts';
import { type Ask, demand, type GuardedCall } from './guarded-call.ts';
import { keyRequests } from './key-requests.ts';
import { LEADING_KEYS, withPartitionKeys } from './leading-keys.ts';
import { type AllRows, askedOf, questionsOf } from './questions.ts';
import { absenceRequest } from './s3.ts';
import { batchOfStatements } from './statement-batch.ts';

/** What {@link createAccessIntercept} needs. */
export interface AccessInterceptOptions {
  readonly access: AccessControl;
  readonly rows: AllRows;
  /** The endpoint's, in ARNs. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Reads the partition keys of a table, when a policy asks for them. Default: none is known. */
  readonly partitionKeys?: (table: string) => Promise<PartitionKeys>;
  /** Default: nobody is told. */
  readonly onDecision?: OnDecision | undefined;
}

/**
 * Asks the policies about each call of a role's session or a service. An administrator and the runtime itself pass.
 * Checks of every call that the roles which it hands to a service can be assumed by it.
 */
export function createAccessIntercept(options: AccessInterceptOptions): Intercept {
  const { access, rows, onDecision, partitionKeys = async () => new Map() } = options;
  const decide = announceDecisions(access, onDecision);
  const callerOfKey = keepCallers();
  return async (call, forward) => {
    const caller = callerOfKey(call.context.accessKeyId);
    const isAsked = caller.kind === 'role' || caller.kind === 'service';
    const handsOver = handsRoleOver(call.service, call.operation);
    if (!isAsked && !handsOver) return forward();
    const unkeyed = askedOf(call, options);
    const asked =
      call.service === 'dynamodb' && access.hasConditionOn(LEADING_KEYS)
        ? await withPartitionKeys(unkeyed, partitionKeys)
        : unkeyed;
    const ask: Ask = (request) => decide(caller, request);
    const passed = handsOver ? checkAssumedRoles(call.service, asked, access) : [];
    if (!isAsked) return forward();
    for (const role of passed) demand(call.service, ask(role));
    const { operation, request, region, accountId } = asked;
    const keyed = { access, caller, operation, headers: request.headers, region, accountId };
    const askKey: Ask = (question) => firstDenial(keyRequests(question, keyed), ask);
    return answer({ call, asked, ask, askKey, forward }, rows);
  };
}

/** The answer to several questions. */
function firstDenial(requests: readonly AccessRequest[], ask: Ask): Decision {
  for (const request of requests) {
    const decision = ask(request);
    if (!decision.isAllowed) return decision;
  }
  return { isAllowed: true };
}

function answer(guarded: GuardedCall, rows: AllRows): Promise<WireResponse> {
  const { call, asked, ask, askKey, forward } = guarded;
  const { service, operation } = call;
  const place = `${service}.${operation}`;
  if (place === 'dynamodb.BatchExecuteStatement') return batchOfStatements(guarded);
  if (place === 's3.DeleteObjects') return batchOfDeletions(guarded);
  const questions = questionsOf(rows, service, asked);
  if (questions === undefined) throw unknownRights(service, operation);
  for (const question of questions) demand(service, ask(question));
  const demandKeys = () => {
    for (const question of questions) demand(service, askKey(question));
  };
  if (place === 's3.GetObject' || place === 's3.HeadObject') return readOfObject(guarded, demandKeys);
  demandKeys();
  return forward();
}

/**
 * A read of an object that is missing is AccessDenied for a caller who may not list the bucket, and asks for no right
 * on a key. Of an object that is there, `demandKeys` asks for those rights, and throws if one is denied.
 */
async function readOfObject({ asked, ask, forward }: GuardedCall, demandKeys: () => void): Promise<WireResponse> {
  const demandListing = () => demand('s3', ask(absenceRequest(asked)));
  const response = await forward().catch((error: unknown) => {
    if (error instanceof AwsError && error.statusCode === 404) demandListing();
    throw error;
  });
  if (response.statusCode === 404) demandListing();
  if (response.statusCode < 300) demandKeys();
  return response;
}
