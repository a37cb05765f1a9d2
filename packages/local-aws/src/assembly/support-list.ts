import type { SupportedResourceType } from './resource-type.ts';
import { support, supportedResourceTypes } from './support.ts';

const LINE_WIDTH = 120;
/** What fits into a line, with an indent, quotes and a comma. */
const LONGEST_PATH = LINE_WIDTH - 8;

/**
 * The `## Template` list of docs/feature-support.md, in Markdown: every supported resource type with its properties
 * and what a change of them does, then the inert types. Lines are at most 120 columns wide.
 */
export function supportList(): string {
  const supported = supportedResourceTypes.flatMap((each) => [
    `- [x] \`${each.type}\`: ${grouped(each.honoured).join(', ')}`,
    `  - ${changes(each)}`,
    ...Object.entries(each.inert).map(([path, reason]) => `  - [ ] inert \`${path}\`: ${reason}`),
  ]);
  const inert = [...support.values()].flatMap((row) =>
    row.handling === 'inert' ? `- [ ] inert \`${row.type}\`: ${row.reason}` : [],
  );
  return [...supported, ...inert].map(wrapped).join('\n');
}

/** What a change of properties does to a resource, and what its deletion does. */
function changes({ nameProperty, createOnly, alsoReplacedBy, deletedWithIt, honoured }: SupportedResourceType): string {
  const paths = [...new Set([...(nameProperty === '' ? [] : [nameProperty]), ...createOnly])];
  const replacing = [...grouped(paths), ...(alsoReplacedBy === undefined ? [] : [alsoReplacedBy])];
  const isAll = honoured.every((path) =>
    paths.some((each) => path === each || (path.startsWith(each) && /^[.[]/.test(path.slice(each.length)))),
  );
  const inPlace = replacing.length === 0 ? 'every change is made in place' : undefined;
  return [
    inPlace ??
      (isAll ? 'any change replaces it' : `a change of ${replacing.join(', ')} replaces it, others are made in place`),
    ...(deletedWithIt === undefined ? [] : [`deleted with ${deletedWithIt}`]),
  ].join('; ');
}

/** A list entry in lines of at most 120 columns, the continuation lines indented by two more. */
function wrapped(entry: string): string {
  const indent = ' '.repeat(entry.search(/\S/) + 2);
  const lines: string[] = [];
  let line = '';
  for (const word of entry.split(/(?<=\S) /)) {
    if (line !== '' && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Paths with the same parent in one entry: `KeySchema[].{AttributeName, KeyType}`. A long one begins with `…`. */
function grouped(paths: readonly string[]): string[] {
  const byParent = new Map<string, string[]>();
  for (const path of paths) {
    const cut = path.lastIndexOf('.') + 1;
    const parent = path.slice(0, cut);
    byParent.set(parent, [...(byParent.get(parent) ?? []), path.slice(cut)]);
  }
  return [...byParent].map(([parent, names]) => {
    if (parent === '') return names.map((name) => `\`${name}\``).join(', ');
    const [name = ''] = names;
    const short = parent.length + name.length > LONGEST_PATH ? parent.replace(/^[^.]+/, '…') : parent;
    return names.length === 1 ? `\`${short}${name}\`` : `\`${short}{${names.join(', ')}}\``;
  });
}

// Prints the list, for the document: node packages/local-aws/src/assembly/support-list.ts
if (import.meta.main) console.log(supportList());
