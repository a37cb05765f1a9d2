import { isJsonObject, type Json, parseJson } from '@tweet-pipes/kit/json';
import type { LogEventRead } from '../log-group.ts';

/** A row of a query: values by field. The members of a JSON message are fields with dots in their names. */
export interface Row {
  /** Undefined where there is no such field. */
  get(field: string): string | undefined;
  set(field: string, value: string): void;
}

/** `2026-11-29 08:30:00.000`, as Insights prints times. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** The row of an event. Its message is parsed when a field of it is asked for. */
export function rowOf(event: LogEventRead, pointer: string, log: string): Row {
  const own = new Map([
    ['@timestamp', timeText(event.timestampMs)],
    ['@ingestionTime', timeText(event.ingestionMs)],
    ['@message', event.message],
    ['@logStream', event.logStreamName],
    ['@log', log],
    ['@ptr', pointer],
  ]);
  let document: Json | undefined;
  let isParsed = false;
  return {
    get(field) {
      const known = own.get(field);
      if (known !== undefined || field.startsWith('@')) return known;
      if (!isParsed) document = event.message.startsWith('{') ? parseJson(event.message) : undefined;
      isParsed = true;
      return textOf(valueAt(document, field));
    },
    set: (field, value) => void own.set(field, value),
  };
}

/** A name may have dots itself, so the longest member that exists goes first. */
function valueAt(value: Json | undefined, path: string): Json | undefined {
  if (Array.isArray(value)) return valueIn(value[Number(path.split('.')[0])], path);
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (Object.hasOwn(value, name)) return valueAt(value[name], path.slice(end + 1));
  }
  return undefined;
}

function valueIn(element: Json | undefined, path: string): Json | undefined {
  const dot = path.indexOf('.');
  return dot < 0 ? element : valueAt(element, path.slice(dot + 1));
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
