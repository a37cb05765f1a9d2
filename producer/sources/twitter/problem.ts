import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import * as z from 'zod';

/**
 * What is wrong with X, and what can be done: wait and try again (`network`, `http`, `rate`), make sure that there is
 * no other reader (`taken`), or nothing (`fatal`). `reason` is a clause for people.
 */
export type Problem =
  | { kind: 'network'; reason: string }
  | { kind: 'http'; reason: string }
  | { kind: 'taken'; reason: string }
  | { kind: 'fatal'; reason: string }
  | { kind: 'rate'; reason: string; resetInMs?: number };

/** A stream that ended, or did not begin, for a reason that is known. */
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
export type ProblemObject = z.output<typeof problemObject>;

/** The problem objects of an answer or a message: itself, and what it lists as `errors`. */
export function problemObjects(body: unknown): ProblemObject[] {
  const itself = problemObject.safeParse(body);
  const listed = z.looseObject({ errors: z.array(problemObject) }).safeParse(body);
  const all = [...(itself.success ? [itself.data] : []), ...(listed.success ? listed.data.errors : [])];
  return all.filter(({ title, detail, message, type }) => (title ?? detail ?? message ?? type) !== undefined);
}

/**
 * `Unauthorized: Unauthorized` and the like, in X's own words, on one line and without what could rewrite a terminal.
 */
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

/** The reason of trouble with the network. */
export function failed(why: string): string {
  return `The connection to X failed: ${why}`;
}

/**
 * What an error of the library means. Undefined for anything else, which is a defect. `nowMs` is used when the answer
 * has no date.
 */
export function problemOf(error: unknown, nowMs: number): Problem | undefined {
  if (error instanceof Disconnected) return error.problem;
  if (error instanceof ApiResponseError) {
    return problemOfAnswer({ status: error.code, body: error.data, headers: error.headers, nowMs });
  }
  if (error instanceof ApiPartialResponseError) {
    const { statusCode: status = 0, headers } = error.response;
    // A proxy's page that claims to be JSON, or half an answer.
    return status >= 400
      ? problemOfAnswer({ status, body: undefined, headers, nowMs })
      : { kind: 'network', reason: failed('the answer broke off') };
  }
  if (error instanceof ApiRequestError) {
    // The library's own `requestError` is always undefined; the socket remembers.
    return { kind: 'network', reason: failed(error.request.socket?.errored?.message ?? 'it was closed') };
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
 * What X's own identifiers say, whether in an answer or in the stream; `said` are its words for people. Undefined when
 * they say nothing special.
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
      return { kind: 'fatal', reason: `X has no rule for this app any more: somebody deleted them (${said})` };
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
        reason: `X takes only the bearer token of an app here, and this is another kind (${said}). The developer console lists it as Bearer Token`,
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
 * How long until the limit is lifted, measured by X's own clock. Only when nothing is left: an answer 429 for another
 * reason bears the header too.
 */
function resetOf(headers: Answer['headers'], nowMs: number): { resetInMs?: number } {
  const remaining = headers['x-rate-limit-remaining'];
  const resetMs = Number(headers['x-rate-limit-reset']) * 1000;
  if ((remaining !== undefined && remaining !== '0') || !Number.isFinite(resetMs)) return {};
  const sentMs = Date.parse(String(headers.date));
  const resetInMs = resetMs - (Number.isNaN(sentMs) ? nowMs : sentMs);
  // A second more, since both headers are cut to whole seconds.
  return resetInMs > 0 ? { resetInMs: resetInMs + 1000 } : {};
}
