/** Attributes of an element; undefined leaves one out. Numbers are rounded to a tenth of a user unit. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One XML element as text. Children are markup: plain text goes through {@link escapeXml} first. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const start = `${name}${Object.entries(attributes).map(attribute).join('')}`;
  return children.length === 0 ? `<${start}/>` : `<${start}>${children.join('')}</${name}>`;
}

/** An element whose children stand on lines of their own, so that a change of the picture is a readable diff. */
export function group(name: string, attributes: Attributes, ...children: readonly string[]): string {
  return element(name, attributes, '\n', children.filter((child) => child !== '').join('\n'), '\n');
}

/** Text for the content of an element or for an attribute. What XML 1.0 does not allow becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replaceAll(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A coordinate as it stands in the file: rounded to a tenth, never `-0`. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

function attribute([name, value]: [string, string | number | undefined]): string {
  if (value === undefined) return '';
  return ` ${name}="${typeof value === 'number' ? coordinate(value) : escapeXml(value)}"`;
}
