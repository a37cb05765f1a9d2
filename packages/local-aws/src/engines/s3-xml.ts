const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element's members. A list makes one element each, undefined none. */
export interface XmlMembers {
  readonly [name: string]: XmlValue | readonly XmlValue[] | undefined;
}
type XmlValue = string | number | boolean | XmlMembers;

/** A document of S3. */
export function s3Document(name: string, content: XmlValue): Buffer {
  const body = elements({ [name]: content }).replace(`<${name}>`, `<${name} xmlns="${NAMESPACE}">`);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

function elements(members: XmlMembers): string {
  return Object.entries(members)
    .flatMap(([name, value]) => [value].flat().map((each) => (each === undefined ? '' : element(name, each))))
    .join('');
}

function element(name: string, value: XmlValue): string {
  return `<${name}>${typeof value === 'object' ? elements(value) : escaped(String(value))}</${name}>`;
}

/**
 * S3 writes control characters as references, which XML 1.0 does not allow and readers may refuse. `encoding-type=url`
 * avoids them.
 */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
  return text.replaceAll(/[&<>"'\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, (character) => {
    const name = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }[character];
    return `&${name ?? `#x${character.charCodeAt(0).toString(16)}`};`;
  });
}
