import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { printable, printableJson } from '../terminal/terminal.ts';
import type { SourceEvent } from './read-events.ts';

/** Characters of a line's text. The rest is in the JSON. */
const longestText = 400;
/** Of an id, enough to tell executions apart and to ask for one. */
const shortId = 8;

/** The time, `2026-11-29 08:30:00.123`, in UTC. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** The name of a source in a line: `workflow Ingest`. */
export function sourceName({ source: { kind, label } }: Pick<SourceEvent, 'source'>): string {
  return kind === 'group' ? label : `${kind} ${label}`;
}

/** One line for people. Its text is safe for a terminal. `width`: that of the longest name of a source. */
export function logLine(event: SourceEvent, width: number, bold: (text: string) => string): string {
  const { text, isFailure } = describe(event);
  const shown = text.replaceAll(/\s+/g, ' ').trim();
  const cut = shown.length > longestText ? `${shown.slice(0, longestText).toWellFormed()}…` : shown;
  const safe = printable(cut);
  return `${timeText(event.atMs)}  ${printable(sourceName(event)).padEnd(width)}  ${isFailure ? bold(safe) : safe}`;
}

/** One line of JSON. A message that is a JSON object is one in it. */
export function logJson({ source, atMs, logStreamName, message }: SourceEvent): string {
  const { kind, name, logGroupName } = source;
  const parsed = parseJson(message);
  return printableJson({
    at: new Date(atMs).toISOString(),
    ...{ kind, name, logGroup: logGroupName, logStream: logStreamName },
    message: isJsonObject(parsed) ? parsed : message,
  });
}

function describe({ source, message }: SourceEvent): { text: string; isFailure: boolean } {
  const parsed = parseJson(message);
  if (!isJsonObject(parsed)) return { text: message, isFailure: /\tERROR\t|Task timed out/.test(message) };
  switch (source.kind) {
    case 'workflow':
      return describeExecution(parsed) ?? { text: message, isFailure: false };
    case 'pipe':
      return describePipe(parsed) ?? { text: message, isFailure: false };
    case 'delivery':
      return { text: `${textOf(parsed.errorCode)}: ${textOf(parsed.message)}`, isFailure: true };
    case 'function':
    case 'group':
      return { text: message, isFailure: false };
  }
}

function describeExecution({ type, details, execution_arn: arn }: JsonObject) {
  if (typeof type !== 'string' || typeof arn !== 'string') return undefined;
  const { name, index, resource, error, cause, input, output } = isJsonObject(details) ? details : {};
  const id = arn.split(':').at(-2)?.slice(0, shortId);
  const state = index === undefined ? name : `${textOf(name)}[${textOf(index)}]`;
  const parts = [id, type, state, resource, joined(error, cause), named('input', input), named('output', output)];
  return { text: spaced(parts), isFailure: /Failed$|TimedOut$|Aborted$/.test(type) };
}

function describePipe({ messageType, executionId, error, payload }: JsonObject) {
  if (typeof messageType !== 'string') return undefined;
  const { message, details, awsService } = isJsonObject(error) ? error : {};
  const parts = [textOf(executionId).slice(0, shortId), messageType, awsService, joined(message, details)];
  return {
    text: spaced([...parts, named('payload', payload)]),
    isFailure: isJsonObject(error),
  };
}

function joined(error: unknown, cause: unknown): string {
  return [textOf(error), textOf(cause)].filter((text) => text !== '').join(': ');
}

function named(name: string, value: unknown): string {
  return value === undefined ? '' : `${name} ${textOf(value)}`;
}

function spaced(parts: readonly unknown[]): string {
  return parts
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ');
}

function textOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
