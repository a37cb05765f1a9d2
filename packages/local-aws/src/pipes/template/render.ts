import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import {
  isStringContent,
  type Placeholder,
  type ReservedVariable,
  type Template,
  type TemplateNode,
  type TextPart,
} from './input-template.ts';
import { readPath } from './path.ts';

/** The values for the placeholders of one element. */
export interface TemplateInput {
  /** For paths: the event after implicit body parsing, or one element of the enrichment's answer. */
  readonly parsed: Json;
  /** For `<aws.pipes.event>`: the event before parsing. */
  readonly raw: Json;
  readonly variables: Readonly<Record<Exclude<ReservedVariable, 'aws.pipes.event' | 'aws.pipes.event.json'>, string>>;
}

/**
 * The rendered template is not JSON: AWS does not escape substituted text. The batch fails as a customer error. The
 * message names the placeholder, never the text.
 */
class InvalidTransformation extends Error {
  override readonly name = 'InvalidTransformation';
}

/**
 * Renders a template as JSON text. A string outside of quotes gets quotes. Nothing is escaped
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html), so a string with a
 * quote throws `InvalidTransformation`. A member or element whose path is missing is omitted; inside of quotes it
 * is empty.
 */
export function renderTemplate(template: Template, input: TemplateInput): string {
  switch (template.form) {
    case 'json': {
      const filler = new Filler(input);
      const text = filler.node(template.root);
      if (text === undefined) return '""';
      if (filler.unescaped !== undefined) assertJson(text, filler.unescaped);
      return text;
    }
    case 'text':
      return JSON.stringify(new Filler(input).text(template.parts));
    case 'bare': {
      const value = resolvePlaceholder(template.placeholder, input);
      if (value === undefined) return '""';
      // AWS drops the inner quotes of an object that is the whole template: {"key":"value"} becomes "{key: value}".
      if (typeof value === 'object' && value !== null) {
        const bare = `"${withoutQuotes(value)}"`;
        assertJson(bare, template.placeholder);
        return bare;
      }
      const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
      assertJson(text, template.placeholder);
      return text;
    }
  }
}

class Filler {
  readonly #input: TemplateInput;
  /** The first placeholder whose text is not the content of a JSON string. The document may be valid all the same. */
  unescaped: Placeholder | undefined;

  constructor(input: TemplateInput) {
    this.#input = input;
  }

  node(node: TemplateNode): string | undefined {
    switch (node.kind) {
      case 'object': {
        const members = node.members.map(({ key, value }) => {
          const text = this.node(value);
          return text === undefined ? undefined : `"${this.text(key)}":${text}`;
        });
        return `{${members.filter((member) => member !== undefined).join(',')}}`;
      }
      case 'array':
        return `[${node.items
          .map((item) => this.node(item))
          .filter((item) => item !== undefined)
          .join(',')}]`;
      case 'string':
        return `"${this.text(node.parts)}"`;
      case 'literal':
        return node.json;
      case 'value': {
        const value = resolvePlaceholder(node.placeholder, this.#input);
        if (typeof value !== 'string') return value === undefined ? undefined : JSON.stringify(value);
        return `"${this.#raw(value, node.placeholder)}"`;
      }
    }
  }

  text(parts: readonly TextPart[]): string {
    return parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const value = resolvePlaceholder(part, this.#input);
        if (value === undefined) return '';
        return this.#raw(typeof value === 'string' ? value : JSON.stringify(value), part);
      })
      .join('');
  }

  #raw(text: string, placeholder: Placeholder): string {
    if (!isStringContent(text)) this.unescaped ??= placeholder;
    return text;
  }
}

function resolvePlaceholder(placeholder: Placeholder, input: TemplateInput): Json | undefined {
  if ('path' in placeholder) return readPath(input.parsed, placeholder.path);
  switch (placeholder.variable) {
    case 'aws.pipes.event':
      return input.raw;
    case 'aws.pipes.event.json':
      return input.parsed;
    default:
      return input.variables[placeholder.variable];
  }
}

function assertJson(text: string, { name }: Placeholder): void {
  try {
    JSON.parse(text);
  } catch {
    throw new InvalidTransformation(
      `The rendered input template is not valid JSON: <${name}> contains a quotation mark, a backslash or a control ` +
        'character, and Pipes does not escape it.',
    );
  }
}

function withoutQuotes(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(withoutQuotes).join(', ')}]`;
  if (!isJsonObject(value)) return String(value).replace(/["\\]/g, '');
  const members = Object.entries(value).map(
    ([key, member]) => `${withoutQuotes(key)}: ${withoutQuotes(member ?? null)}`,
  );
  return `{${members.join(', ')}}`;
}
