import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Call, Intercept, WireResponse } from '../../gateway/wire.ts';
import type { AccessControl, AccessRequest, Decision } from '../access-control.ts';
import { type Caller, callerOf } from '../caller.ts';
import type { Asked, PartitionKeys } from './asked.ts';
import { checkAssumedRoles, handsRoleOver } from './assumed-roles.ts';
import { announceDecisions, type OnDecision } from './decisions.ts';
import { denialError, unknownRights } from './denial-error.ts';
import { quickStatementRequests, statementRequests } from './dynamodb.ts';
import { keyRequests } from './key-requests.ts';
import { LEADING_KEYS, withPartitionKeys } from './leading-keys.ts';
import { type AllRows, askedOf, questionsOf } from './questions.ts';
import { absenceRequest, deletions } from './s3.ts';

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

/** Keys whose callers are kept. Beyond that all are dropped: users make up keys. */
const MOST_CALLERS = 1_000;

type Forward = Parameters<Intercept>[1];
type Ask = (request: AccessRequest) => Decision;

/**
 * Asks the policies about each call of a role's session or a service. An administrator and the runtime itself pass.
 * Checks of every call that the roles which it hands to a service can be assumed by it.
 */
export function createAccessIntercept(options: AccessInterceptOptions): Intercept {
  const { access, rows, onDecision, partitionKeys = async () => new Map() } = options;
  const decide = announceDecisions(access, onDecision);
  const callerOfKey = keptCallers();
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
    return decided(call, asked, { rows, ask, askKey }, forward);
  };
}

/** {@link callerOf}, which decodes a key once: most calls are of few keys. */
function keptCallers(): (accessKeyId: string) => Caller {
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

/** The answer to several questions. */
function firstDenial(requests: readonly AccessRequest[], ask: Ask): Decision {
  for (const request of requests) {
    const decision = ask(request);
    if (!decision.isAllowed) return decision;
  }
  return { isAllowed: true };
}

/** `askKey`: asks what the question needs of the key of its resource. */
function decided(
  call: Call,
  asked: Asked,
  { rows, ask, askKey }: { rows: AllRows; ask: Ask; askKey: Ask },
  forward: Forward,
): Promise<WireResponse> {
  const place = `${call.service}.${call.operation}`;
  if (place === 'dynamodb.BatchExecuteStatement') {
    const askBoth: Ask = (request) => {
      const decision = ask(request);
      return decision.isAllowed ? askKey(request) : decision;
    };
    return batchOfStatements(call, asked, askBoth, forward);
  }
  if (place === 's3.DeleteObjects') return batchOfDeletions(call, asked, ask, forward);
  const questions = questionsOf(rows, call.service, asked);
  if (questions === undefined) throw unknownRights(call.service, call.operation);
  for (const question of questions) demand(call.service, ask(question));
  const demandKeys = () => {
    for (const question of questions) demand(call.service, askKey(question));
  };
  if (place === 's3.GetObject' || place === 's3.HeadObject') return readOfObject(asked, ask, demandKeys, forward);
  demandKeys();
  return forward();
}

function demand(service: string, decision: Decision): void {
  if (!decision.isAllowed) throw denialError(service, decision.denied);
}

/**
 * Answers AccessDenied in the place of each statement that is denied. The others are executed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
 */
async function batchOfStatements(call: Call, asked: Asked, ask: Ask, forward: Forward): Promise<WireResponse> {
  const known = new Map<string, Decision>();
  const askOnce: Ask = (request) => {
    const key = `${request.action} ${request.resource}`;
    const decision = known.get(key) ?? ask(request);
    known.set(key, decision);
    return decision;
  };
  if (quickStatementRequests(asked)?.every((request) => askOnce(request).isAllowed)) return forward();
  const denied = statementRequests(asked).map((request) => {
    const decision = request && askOnce(request);
    if (decision?.isAllowed !== false) return undefined;
    return { Error: { Code: 'AccessDenied', Message: denialError('dynamodb', decision.denied).message } };
  });
  if (denied.every((answer) => answer === undefined)) return forward();
  const { Statements } = asked.input;
  const rest = Array.isArray(Statements) ? Statements.filter((_, index) => denied[index] === undefined) : [];
  const body = Buffer.from(JSON.stringify({ ...asked.input, Statements: rest }));
  const response = rest.length === 0 ? jsonAnswer(call, {}) : await forward({ ...call.request, body });
  const output = response.statusCode === 200 ? parseJson(response.body.toString('utf8')) : undefined;
  if (!isJsonObject(output)) return response;
  const answers = Array.isArray(output.Responses) ? [...output.Responses] : [];
  const Responses = denied.map((answer) => answer ?? answers.shift() ?? {});
  return { ...response, body: Buffer.from(JSON.stringify({ ...output, Responses })) };
}

function jsonAnswer({ context }: Call, body: object): WireResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': context.requestId };
  return { statusCode: 200, headers, body: Buffer.from(JSON.stringify(body)) };
}

const DIGESTS = /^(content-md5|x-amz-checksum-.*|x-amz-sdk-checksum-algorithm|x-amz-trailer|content-length)$/;

/** Answers AccessDenied for each key that is denied. The others are deleted. */
async function batchOfDeletions(call: Call, asked: Asked, ask: Ask, forward: Forward): Promise<WireResponse> {
  const all = deletions(asked).map(({ key, request }) => ({ key, decision: ask(request) }));
  const refused = all.flatMap(({ key, decision }) => (decision.isAllowed ? [] : [{ key, denied: decision.denied }]));
  if (refused.length === 0) return forward();
  const errors = refused.map(
    ({ key, denied }) =>
      `<Error><Key>${escaped(key)}</Key><Code>AccessDenied</Code><Message>${escaped(denialError('s3', denied).message)}</Message></Error>`,
  );
  const allowed = all.flatMap(({ key, decision }) => (decision.isAllowed ? [key] : []));
  if (allowed.length === 0) return deletionAnswer(call, errors.join(''));
  const objects = allowed.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`).join('');
  const headers = Object.fromEntries(Object.entries(call.request.headers).filter(([name]) => !DIGESTS.test(name)));
  const response = await forward({ ...call.request, headers, body: Buffer.from(`<Delete>${objects}</Delete>`) });
  const text = response.body.toString('utf8').replace(/<\/DeleteResult>\s*$/, `${errors.join('')}</DeleteResult>`);
  return response.statusCode === 200 ? { ...response, body: Buffer.from(text) } : response;
}

function deletionAnswer({ context }: Call, errors: string): WireResponse {
  const result = `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${errors}</DeleteResult>`;
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': context.requestId };
  return { statusCode: 200, headers, body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${result}`) };
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
}

/**
 * A missing object is AccessDenied to whoever may not list the bucket, and needs no key. `demandKeys` throws for an
 * object that is there.
 */
async function readOfObject(asked: Asked, ask: Ask, demandKeys: () => void, forward: Forward): Promise<WireResponse> {
  const answerIfAbsent = async (): Promise<WireResponse> => {
    try {
      return await forward();
    } catch (error) {
      if (error instanceof AwsError && error.statusCode === 404) demand('s3', ask(absenceRequest(asked)));
      throw error;
    }
  };
  const response = await answerIfAbsent();
  if (response.statusCode === 404) demand('s3', ask(absenceRequest(asked)));
  if (response.statusCode < 300) demandKeys();
  return response;
}
