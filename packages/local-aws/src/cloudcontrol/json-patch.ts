import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

const path = z.string();
const value = z.json();
const patchSchema = z.array(
  z.discriminatedUnion('op', [
    z.object({ op: z.enum(['add', 'replace', 'test']), path, value }),
    z.object({ op: z.literal('remove'), path }),
    z.object({ op: z.enum(['move', 'copy']), path, from: path }),
  ]),
);

/**
 * An object after a JSON patch (RFC 6902); the object itself stays. Paths may lack their first slash, as in AWS's
 * examples. Throws AwsError `InvalidRequestException` for a patch that cannot be applied; then nothing is.
 */
export function patched(properties: JsonObject, patchDocument: string): JsonObject {
  const parsed = patchSchema.safeParse(parse(patchDocument));
  if (!parsed.success) throw invalid(`Invalid patch: ${z.prettifyError(parsed.error)}`);
  const root: { document: Json } = { document: structuredClone(properties) };
  for (const step of parsed.data) {
    const target = placeOf(root, step.path);
    switch (step.op) {
      case 'add':
        target.add(structuredClone(step.value));
        break;
      case 'replace':
        target.remove();
        target.add(structuredClone(step.value));
        break;
      case 'remove':
        target.remove();
        break;
      case 'test':
        if (!isDeepStrictEqual(target.get(), step.value))
          throw invalid(`Invalid patch: ${step.path} has another value`);
        break;
      case 'copy':
        target.add(structuredClone(placeOf(root, step.from).get()));
        break;
      case 'move': {
        const source = placeOf(root, step.from);
        const moved = source.get();
        source.remove();
        placeOf(root, step.path).add(moved);
        break;
      }
    }
  }
  if (!isJsonObject(root.document)) throw invalid('Invalid patch: the properties of a resource are an object');
  return root.document;
}

/** A place in a document. All throw where it is not there; `add` takes one that its parent can have. */
interface Place {
  get(): Json;
  add(value: Json): void;
  remove(): void;
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function placeOf(root: { document: Json }, pointer: string): Place {
  const text = pointer === '' || pointer.startsWith('/') ? pointer : `/${pointer}`;
  const steps = text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const missing = () => invalid(`Invalid patch: there is no ${pointer}`);
  const existing = (found: Json | undefined): Json => {
    if (found === undefined) throw missing();
    return found;
  };
  const last = steps.pop();
  if (last === undefined) {
    const set = (value: Json) => {
      root.document = value;
    };
    return { get: () => root.document, add: set, remove: () => set(null) };
  }
  const parent = steps.reduce((found, step) => existing(memberOf(found, step)), root.document);
  const get = () => existing(memberOf(parent, last));
  if (Array.isArray(parent)) {
    return {
      get,
      add(value) {
        const index = last === '-' ? parent.length : indexOf(last);
        if (index === undefined || index > parent.length) throw missing();
        parent.splice(index, 0, value);
      },
      remove() {
        get();
        parent.splice(Number(last), 1);
      },
    };
  }
  if (!isJsonObject(parent)) throw missing();
  return {
    get,
    add(value) {
      // Defined, not assigned: `__proto__` is a name like any other.
      Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true });
    },
    remove() {
      get();
      delete parent[last];
    },
  };
}

function memberOf(parent: Json, step: string): Json | undefined {
  if (Array.isArray(parent)) {
    const index = indexOf(step);
    return index === undefined ? undefined : parent[index];
  }
  return isJsonObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
}

function indexOf(step: string): number | undefined {
  return /^(0|[1-9]\d*)$/.test(step) ? Number(step) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError('InvalidRequestException', 'Invalid patch: PatchDocument is no JSON.', { cause });
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}
