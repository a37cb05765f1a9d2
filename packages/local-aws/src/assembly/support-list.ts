import { realTypes, support } from './support.ts';

/**
 * The `## Template` list of docs/feature-support.md, in Markdown: every supported resource type with its properties,
 * then the inert types.
 */
export function supportList(): string {
  const real = realTypes.flatMap(({ type, honoured, inert }) => [
    `- [x] \`${type}\`: ${grouped(honoured).join(', ')}`,
    ...Object.entries(inert).map(([path, reason]) => `  - [ ] inert \`${path}\`: ${reason}`),
  ]);
  const inert = [...support.values()].flatMap((row) =>
    row.handling === 'inert' ? `- [ ] inert \`${row.type}\`: ${row.reason}` : [],
  );
  return [...real, ...inert].join('\n');
}

/** Paths with the same parent as one entry: `KeySchema[].{AttributeName, KeyType}`. */
function grouped(paths: readonly string[]): string[] {
  const byParent = new Map<string, string[]>();
  for (const path of paths) {
    const cut = path.lastIndexOf('.') + 1;
    const parent = path.slice(0, cut);
    byParent.set(parent, [...(byParent.get(parent) ?? []), path.slice(cut)]);
  }
  return [...byParent].map(([parent, names]) => {
    if (parent === '') return names.map((name) => `\`${name}\``).join(', ');
    return names.length === 1 ? `\`${parent}${names[0]}\`` : `\`${parent}{${names.join(', ')}}\``;
  });
}

// To bring the document up to date: node packages/local-aws/src/assembly/support-list.ts
if (import.meta.main) console.log(supportList());
