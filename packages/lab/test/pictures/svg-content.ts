import { expect } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The values of an attribute in a picture, in the order of the file, as a reader of XML sees them. */
export function attributeValues(svg: string, name: string): string[] {
  return elements(svg).flatMap(({ attributes }) => (name in attributes ? [attributes[name] ?? ''] : []));
}

/** The texts of a picture, in the order of the file. */
export function texts(svg: string): string[] {
  return elements(svg).flatMap(({ tag, content }) => (tag === 'text' ? [content] : []));
}

interface Element {
  tag: string;
  attributes: Record<string, string>;
  content: string;
}

/** All elements of a well-formed document; a test fails where it is not well-formed. */
function elements(svg: string): Element[] {
  expect(XMLValidator.validate(svg)).toBe(true);
  const options = { ignoreAttributes: false, preserveOrder: true, trimValues: false, parseTagValue: false };
  const parser = new XMLParser({ ...options, attributeNamePrefix: '', htmlEntities: true });
  return flatten(parser.parse(svg));
}

function flatten(nodes: unknown): Element[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Record<string, unknown>) => {
    const tag = Object.keys(node).find((key) => key !== ':@');
    if (tag === undefined || tag === '#text') return [];
    const children = node[tag];
    const [first]: Record<string, unknown>[] = Array.isArray(children) ? children : [];
    const attributes = Object.entries(node[':@'] ?? {}).map(([name, value]) => [name, String(value)]);
    return [
      { tag, attributes: Object.fromEntries(attributes), content: String(first?.['#text'] ?? '') },
      ...flatten(children),
    ];
  });
}
