import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import type { Call, WireResponse } from '../../gateway/wire.ts';
import type { Decision } from '../access-control.ts';
import { denialError } from './denial-error.ts';
import { quickStatementRequests, statementRequests } from './dynamodb.ts';
import type { Ask, GuardedCall } from './guarded-call.ts';

/**
 * Answers AccessDenied in the place of each statement that is denied. The others are executed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
 */
export async function batchOfStatements({ call, asked, ask, askKey, forward }: GuardedCall): Promise<WireResponse> {
  const known = new Map<string, Decision>();
  const askBoth: Ask = (request) => {
    const decision = ask(request);
    return decision.isAllowed ? askKey(request) : decision;
  };
  const askOnce: Ask = (request) => {
    const key = `${request.action} ${request.resource}`;
    const decision = known.get(key) ?? askBoth(request);
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
