import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import * as z from 'zod';

/**
 * A problem with X by its remedy: wait and retry (`network`, `http`, `rate`), end the other reader (`taken`), or none
 * (`fatal`). `reason` is text for an error message, without a full stop.
 */
export type Problem =
  | { kind: 'network'; reason: string }
  | { kind: 'http'; reason: string }
  | { kind: 'taken'; reason: string }
  | { kind: 'fatal'; reason: string }
  | { kind: 'rate'; reason: string; resetInMs?: number };

/** The stream ended or did not start, for a known reason. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.reason);
    this.problem = problem;
  }
}

/**
 * X's problem object, inside a stream or as the body of an error answer:
 * https://docs.x.com/x-api/fundamentals/response-codes-and-errors
 */
const problemObject = z.looseObject({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  connection_issue: z.string().optional().catch(undefined),
  disconnect_type: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  value: z.string().optional().catch(undefined),
  details: z.array(z.string()).optional().catch(undefined),
});
/** The members that are used here. */
export type ProblemObject = z.output<typeof problemObject>;

/** The problem objects of an answer or a message: the value itself and its `errors`. */
export function problemObjects(body: unknown): ProblemObject[] {
  const itself = problemObject.safeParse(body);
  const listed = z.looseObject({ errors: z.array(problemObject) }).safeParse(body);
  const all = [...(itself.success ? [itself.data] : []), ...(listed.success ? listed.data.errors : [])];
  return all.filter(({ title, detail, message, type }) => (title ?? detail ?? message ?? type) !== undefined);
}

/** X's own description, such as `Forbidden: Not enrolled`, on one line and without control characters. */
export function inWords(objects: readonly ProblemObject[]): string {
  const texts = objects.map(({ title, detail, message, details }) => {
    const rest = detail ?? message ?? details?.join(' ');
    return rest === undefined || rest === title ? title : title === undefined ? rest : `${title}: ${rest}`;
  });
  return [...new Set(texts.filter((text) => text !== undefined))]
    .join('; ')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\.$/, '');
}

/** The reason of a network problem. */
export function connectionFailed(why: string): string {
  return `The connection to X failed: ${why}`;
}

/**
 * The problem behind an error of the library; undefined for any other error. `nowMs` replaces a missing date header.
 */
export function problemOf(error: unknown, nowMs: number): Problem | undefined {
  if (error instanceof Disconnected) return error.problem;
  if (error instanceof ApiResponseError) {
    return problemOfAnswer({ status: error.code, body: error.data, headers: error.headers, nowMs });
  }
  if (error instanceof ApiPartialResponseError) {
    const { statusCode: status = 0, headers } = error.response;
    // A proxy's page with the content type of JSON, or a truncated answer.
    return status >= 400
      ? problemOfAnswer({ status, body: undefined, headers, nowMs })
      : { kind: 'network', reason: connectionFailed('the answer broke off') };
  }
  if (error instanceof ApiRequestError) {
    // The library's own `requestError` is always undefined; the socket has the error.
    return { kind: 'network', reason: connectionFailed(error.request.socket?.errored?.message ?? 'it was closed') };
  }
  return undefined;
}

interface Answer {
  status: number;
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  nowMs: number;
}

function problemOfAnswer({ status, body, headers, nowMs }: Answer): Problem {
  const objects = problemObjects(body);
  const words = inWords(objects);
  const said = words === '' ? String(status) : `${status} ${words}`;
  const known = problemOfObjects(objects, said);
  if (known !== undefined) return known;
  if (status === 420 || status === 429) {
    return { kind: 'rate', reason: `X limits the rate (${said})`, ...resetOf(headers, nowMs) };
  }
  if (status >= 500 || status === 408) return { kind: 'http', reason: `X answers ${said}` };
  return { kind: 'fatal', reason: fatalReason(status, said) };
}

function fatalReason(status: number, said: string): string {
  switch (status) {
    case 401:
      return `X refuses the credentials (${said}): the token or key is wrong, or was regenerated or revoked in X's developer console`;
    case 402:
      return `The account has no credits left (${said}): buy some in X's developer console`;
    case 403:
      return (
        `X refuses access (${said}): it knows the credentials, but the app's access level does not include the filtered stream, or the app is ` +
        "suspended or belongs to no project. X's developer console shows all three"
      );
    default:
      return `X answers ${said}`;
  }
}

/**
 * The problem that X identifies in an answer or a message; `said` is its description. Undefined without a known
 * identifier.
 */
export function problemOfObjects(objects: readonly ProblemObject[], said: string): Problem | undefined {
  for (const { title, type = '', connection_issue, reason } of objects) {
    if (connection_issue === 'TooManyConnections') {
      return {
        kind: 'taken',
        reason: `Another program is connected with the credentials of this app, and X allows one connection (${said})`,
      };
    }
    if (connection_issue === 'RuleConfigurationIssue') {
      return { kind: 'fatal', reason: `X holds no rules for this app any more: they were deleted (${said})` };
    }
    if (title === 'UsageCapExceeded' || /\/(usage-capped|credits)$/.test(type)) {
      return {
        kind: 'fatal',
        reason: `The app's credits or its cap of posts are used up (${said}): see X's developer console`,
      };
    }
    if (type.endsWith('/unsupported-authentication')) {
      return {
        kind: 'fatal',
        reason: `X accepts only the bearer token of an app here, and this is another kind (${said}). The developer console lists it as Bearer Token`,
      };
    }
    if (reason === 'client-not-enrolled') {
      return {
        kind: 'fatal',
        reason: `The app has no access to X's API v2 (${said}): attach it to a project with access in X's developer console`,
      };
    }
  }
  return undefined;
}

/**
 * Time until the rate limit resets, by X's own clock. Only if nothing remains of it: an answer 429 for another reason
 * has the header too.
 */
function resetOf(headers: Answer['headers'], nowMs: number): { resetInMs?: number } {
  const remaining = headers['x-rate-limit-remaining'];
  const resetMs = Number(headers['x-rate-limit-reset']) * 1000;
  if ((remaining !== undefined && remaining !== '0') || !Number.isFinite(resetMs)) return {};
  const sentMs = Date.parse(String(headers.date));
  const resetInMs = resetMs - (Number.isNaN(sentMs) ? nowMs : sentMs);
  // Both headers are truncated to whole seconds.
  return resetInMs > 0 ? { resetInMs: resetInMs + 1000 } : {};
}
