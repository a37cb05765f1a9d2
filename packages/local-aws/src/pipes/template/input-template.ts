import type { PathStep } from './path.ts';
import { parsePath } from './path.ts';

/** The variables that AWS reserves, without the angle brackets. */
export const reservedVariables = [
  'aws.pipes.pipe-arn',
  'aws.pipes.pipe-name',
  'aws.pipes.source-arn',
  'aws.pipes.enrichment-arn',
  'aws.pipes.target-arn',
  'aws.pipes.event.ingestion-time',
  'aws.pipes.event',
  'aws.pipes.event.json',
] as const;

/**
 * The name of a reserved variable, without the angle brackets
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html).
 */
export type ReservedVariable = (typeof reservedVariables)[number];

/** The content of `<…>`. `name` is its text, for messages. */
export type Placeholder = { readonly name: string } & (
  | { readonly path: readonly PathStep[] }
  | { readonly variable: ReservedVariable }
);

/** Literal text or a placeholder. */
export type TextPart = string | Placeholder;

/** A template as JSON whose values and strings may hold placeholders. `literal` is JSON text. */
export type TemplateNode =
  | { readonly kind: 'object'; readonly members: readonly { key: readonly TextPart[]; value: TemplateNode }[] }
  | { readonly kind: 'array'; readonly items: readonly TemplateNode[] }
  | { readonly kind: 'string'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'literal'; readonly json: string }
  | { readonly kind: 'value'; readonly placeholder: Placeholder };

/** `bare`: a single placeholder. `text`: free text. `json`: everything else. */
export type Template =
  | { readonly form: 'json'; readonly root: TemplateNode }
  | { readonly form: 'text'; readonly parts: readonly TextPart[] }
  | { readonly form: 'bare'; readonly placeholder: Placeholder };

/** An invalid InputTemplate. The service answers a ValidationException with its message. */
export class InvalidTemplate extends Error {
  override readonly name = 'InvalidTemplate';
}

const placeholderPattern = /<(\$[^<>]*|aws\.pipes\.[^<>]*)>/g;

/**
 * Compiles an InputTemplate: free text, one path, or JSON with placeholders. Throws {@link InvalidTemplate} for a path
 * that Pipes cannot evaluate, an unknown reserved variable, and invalid JSON.
 */
export function compileTemplate(text: string): Template {
  const trimmed = text.trim();
  const whole = parseTextParts(trimmed);
  const only = whole[0];
  if (whole.length === 1 && only !== undefined && typeof only !== 'string') {
    if (isEventJson(only)) throw new InvalidTemplate('<aws.pipes.event.json> can only be the value of a JSON field');
    return { form: 'bare', placeholder: only };
  }
  if (!/^[[{"]/.test(trimmed)) return { form: 'text', parts: parseTextParts(text) };
  return { form: 'json', root: new Reader(trimmed).document() };
}

function isEventJson(part: TextPart): boolean {
  return typeof part !== 'string' && 'variable' in part && part.variable === 'aws.pipes.event.json';
}

function parsePlaceholder(name: string): Placeholder {
  if (name.startsWith('$')) {
    const path = parsePath(name);
    if (path === undefined) throw new InvalidTemplate(`<${name}> is not a path that Pipes can evaluate`);
    return { name, path };
  }
  const variable = reservedVariables.find((known) => known === name);
  if (variable === undefined) throw new InvalidTemplate(`<${name}> is not a reserved variable`);
  return { name, variable };
}

function parseTextParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const found of text.matchAll(placeholderPattern)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    parts.push(parsePlaceholder(found[1] ?? ''));
    end = found.index + found[0].length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
}

const space = /[ \t\r\n]*/y;
const stringToken = /"((?:[^"\\]|\\.)*)"/y;
const literalToken = /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const valueToken = /<(\$[^<>]*|aws\.pipes\.[^<>]*)>/y;

/** Reads JSON in which `<…>` may stand for a value or inside a string. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): TemplateNode {
    const root = this.#value();
    this.#take(space);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return root;
  }

  #value(): TemplateNode {
    this.#take(space);
    switch (this.#text[this.#at]) {
      case '{':
        return { kind: 'object', members: this.#list('}', () => this.#member()) };
      case '[':
        return { kind: 'array', items: this.#list(']', () => this.#value()) };
      case '"':
        return { kind: 'string', parts: this.#string() };
      case '<': {
        const found = this.#take(valueToken);
        if (found === null) throw this.#unexpected();
        return { kind: 'value', placeholder: parsePlaceholder(found[1] ?? '') };
      }
      default: {
        const found = this.#take(literalToken);
        if (found === null) throw this.#unexpected();
        return { kind: 'literal', json: found[0] };
      }
    }
  }

  #member(): { key: readonly TextPart[]; value: TemplateNode } {
    this.#take(space);
    const key = this.#string();
    this.#expect(':');
    return { key, value: this.#value() };
  }

  #list<T>(close: string, item: () => T): T[] {
    this.#at += 1;
    const items: T[] = [];
    this.#take(space);
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return items;
    }
    for (;;) {
      items.push(item());
      this.#take(space);
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        return items;
      }
      this.#expect(',');
    }
  }

  #string(): TextPart[] {
    const start = this.#at;
    const found = this.#take(stringToken);
    if (found === null) throw this.#unexpected();
    const parts = parseTextParts(found[1] ?? '');
    if (parts.some(isEventJson))
      throw new InvalidTemplate('<aws.pipes.event.json> can only be the value of a JSON field');
    for (const part of parts) {
      if (typeof part === 'string' && !isStringContent(part)) {
        this.#at = start;
        throw this.#unexpected();
      }
    }
    return parts;
  }

  #expect(character: string): void {
    this.#take(space);
    if (this.#text[this.#at] !== character) throw this.#unexpected();
    this.#at += 1;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #unexpected(): InvalidTemplate {
    const here = this.#text.slice(this.#at, this.#at + 20);
    return new InvalidTemplate(
      `is not valid JSON at character ${this.#at + 1}${here === '' ? '' : `, near ${JSON.stringify(here)}`}`,
    );
  }
}

/** Whether `"${raw}"` is a JSON string. */
export function isStringContent(raw: string): boolean {
  try {
    JSON.parse(`"${raw}"`);
    return true;
  } catch {
    return false;
  }
}
