import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const maximumColumns = 120;

const pages = files(['*.md', 'docs/**/*.md', 'producer/README.md', 'packages/*/README.md']);
const sources = files([
  '{infra,functions,producer,test}/**/*.ts',
  'packages/*/{src,test,examples}/**/*.ts',
  'statemachines/**/*.{yaml,jsonata}',
  '.github/**/*.yml',
]);

describe('the documents', () => {
  it('are found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/glossary.md']));
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(100);
    expect(sources.length).toBeGreaterThan(500);
  });

  it('link to files and headings that exist', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('wrap prose', () => {
    expect(pages.flatMap((page) => report(page, isLongProse(textOf(page))))).toEqual([]);
  });

  it('name each decision by its number, once', () => {
    const decisions = pages.filter((page) => page.startsWith('docs/adr/'));
    const numbers = decisions.map((page) => /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]);
    expect(numbers).toEqual(decisions.map((_, index) => String(index + 1).padStart(4, '0')));
    expect(decisions.filter((page, index) => !textOf(page).startsWith(`# ${numbers[index]}. `))).toEqual([]);
  });
});

describe('the sources', () => {
  it('wrap comments', () => {
    expect(sources.flatMap((source) => report(source, isLongComment(source)))).toEqual([]);
  });
});

describe('the checks', () => {
  it('make the anchors of GitHub', () => {
    const anchors = anchorsOf(
      '# One, two: `x.y` & [three](four.md)!\n\n## Again\n\n## Again\n\n```\n# no heading\n```\n',
    );
    expect(anchors).toEqual(new Set(['one-two-xy--three', 'again', 'again-1']));
  });

  it('see links in prose and HTML, and none in code', () => {
    const text =
      '[a](b.md) `[c](d.md)` ![e](f.svg)\n\n    [g](h.md)\n\n<img src="i.svg">\n```\n[j](k.md)\n```\n[l](https://m)';
    expect(linksIn(text)).toEqual(['b.md', 'f.svg', 'i.svg']);
  });

  it('exempt tables, code and what cannot break from the width', () => {
    const long = 'word '.repeat(30);
    const text = [
      long,
      `| ${long} |`,
      '',
      `    ${long}`,
      '',
      '```',
      long,
      '```',
      `- https://${'x'.repeat(130)}`,
      `# ${long}`,
    ];
    const isLong = isLongProse(text.join('\n'));
    expect(text.map((line, index) => isLong(line, index))).toEqual([true, ...text.slice(1).map(() => false)]);
  });

  it('see comments and no other lines of sources', () => {
    const long = 'word '.repeat(30);
    const inTypeScript = isLongComment('a.ts');
    expect([`// ${long}`, ` * ${long}`, `/** ${long}*/`, `# ${long}`, `'${long}'`].map(inTypeScript)).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
    expect([`  # ${long}`, `Cause: ${long}`].map(isLongComment('a.yaml'))).toEqual([true, false]);
  });
});

/** Paths from the root, sorted. */
function files(patterns: string[]): string[] {
  const exclude = (path: string) => /(^|\/)(node_modules|cdk\.out|coverage)(\/|$)/.test(path);
  return globSync(patterns, { cwd: root, exclude }).sort();
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** `file:line` of each line of a file that the predicate accepts. */
function report(file: string, accepts: (line: string, index: number) => boolean): string[] {
  const lines = textOf(file).split('\n');
  return lines.flatMap((line, index) => (accepts(line, index) ? [`${file}:${index + 1}`] : []));
}

/** Whether each line is code: fenced, or indented by four after an empty line or more code. */
function codeLines(text: string): boolean[] {
  let isFenced = false;
  let isIndented = false;
  let wasEmpty = true;
  return text.split('\n').map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isFenced = !isFenced;
    const isEmpty = line.trim() === '';
    isIndented = isEmpty ? isIndented : /^ {4}/.test(line) && (isIndented || wasEmpty);
    wasEmpty = isEmpty;
    return isFence || isFenced || (isIndented && !isEmpty);
  });
}

function withoutCode(text: string): string {
  const isCode = codeLines(text);
  const prose = text.split('\n').filter((_, index) => isCode[index] === false);
  return prose.join('\n').replaceAll(/`[^`]*`/g, '');
}

/** The relative targets of links and images, in Markdown and HTML. */
function linksIn(text: string): string[] {
  const links = withoutCode(text).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)|(?:src|srcset|href)="([^"]+)"/gm);
  return [...links].map(([, ...targets]) => targets.join('')).filter((target) => !/^[a-z]+:/.test(target));
}

function linksOf(page: string): string[] {
  return linksIn(textOf(page));
}

function brokenLinks(page: string): string[] {
  return linksOf(page)
    .filter((link) => !leadsSomewhere(page, link))
    .map((link) => `${page}: ${link}`);
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(textOf(target)).has(anchor);
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const isCode = codeLines(text);
  const headings = text.split('\n').filter((line, index) => /^#{1,6} /.test(line) && isCode[index] === false);
  const seen = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const title = heading.replace(/^#+ /, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const slug = title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** A line that is too long and has a place to break. `prefix` is what stands before its first word. */
function isTooLong(line: string, prefix: RegExp): boolean {
  return line.length > maximumColumns && /\S\s+\S/.test(line.replace(prefix, ''));
}

/** A predicate for the lines of this text. Tables, headings, HTML and code are exempt. */
function isLongProse(text: string): (line: string, index: number) => boolean {
  const isCode = codeLines(text);
  return (line, index) =>
    isCode[index] === false && !/^\s*[|#<]/.test(line) && isTooLong(line, /^\s*(?:[-*>]|\d+\.)?\s*/);
}

/** A predicate for the lines of a source by its extension. Suppressions of the linter must stand on one line. */
function isLongComment(file: string): (line: string) => boolean {
  const marker = /\.ya?ml$/.test(file) ? /^\s*#\s*/ : /^\s*(?:\/\/|\/?\*{1,2})\s*/;
  return (line) => marker.test(line) && !line.includes('biome-ignore') && isTooLong(line, marker);
}
