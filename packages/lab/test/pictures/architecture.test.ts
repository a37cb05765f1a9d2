import { describe, expect, it } from '@jest/globals';

import type { Part } from '../../src/pictures/architecture/description.ts';
import { salesLake } from '../../src/pictures/architecture/sales-lake.ts';
import { readTemplate } from '../../src/pictures/architecture/template.ts';
import { tweetLake } from '../../src/pictures/architecture/tweet-lake.ts';
import { tweetPipes } from '../../src/pictures/architecture/tweet-pipes.ts';
import { drawArchitecture } from '../../src/pictures/draw-architecture.ts';
import type { Box, Point } from '../../src/pictures/svg/geometry.ts';
import { textWidth } from '../../src/pictures/svg/text-width.ts';
import { attributeValues, texts } from './svg-content.ts';

describe.each([
  ['TweetPipes', tweetPipes],
  ['TweetLake', tweetLake],
  ['SalesLake', salesLake],
])('the description of %s', (_, description) => {
  const { parts, flows, size } = description;
  const all: readonly [string, Part][] = Object.entries(parts);
  const shapes = (...names: Part['shape'][]) => all.filter(([, { shape }]) => names.includes(shape));

  it('keeps parts apart and inside the picture', () => {
    const page = { x: 0, y: 0, ...size };
    expect(all.filter(([, part]) => !contains(page, part)).map(([name]) => name)).toEqual([]);
    const outer = shapes('card', 'frame');
    const pairs = [...outer.flatMap((a, index) => outer.slice(index + 1).map((b) => [a, b] as const))];
    expect(pairs.filter(([[, a], [, b]]) => intersect(a, b)).map(([[a], [b]]) => `${a} and ${b}`)).toEqual([]);
  });

  it('has each row in one frame', () => {
    for (const [, row] of shapes('row')) {
      expect(shapes('frame').filter(([, frame]) => contains(frame, row))).toHaveLength(1);
    }
  });

  it('leaves room for the texts of each card and row', () => {
    for (const [name, { shape, title, caption, width }] of shapes('card', 'row')) {
      const [first, second] = [textWidth(title, 12.5, 'bold'), textWidth(caption, 10.5)];
      const needed = shape === 'card' ? 51 + Math.max(first, second) : 14 + first + 6 + second + 10;
      expect({ name, fits: needed <= width }).toEqual({ name, fits: true });
    }
  });

  it('has lines along the axes that start and end at their parts', () => {
    for (const { from, to, lines } of flows) {
      for (const line of lines) {
        for (const [index, { x, y }] of line.slice(1).entries()) {
          expect(x === line[index]?.x || y === line[index]?.y).toBe(true);
        }
        const ends = [line[0], line.at(-1)];
        expect(from.some((name) => isNear(parts[name], ends[0]))).toBe(true);
        expect(to.some((name) => isNear(parts[name], ends[1]))).toBe(true);
      }
    }
  });

  it('is drawn with each part once, the same each time', () => {
    const svg = drawArchitecture(description);
    expect(attributeValues(svg, 'data-part')).toEqual(Object.keys(parts));
    expect(drawArchitecture(description)).toBe(svg);
  });

  it('is drawn with what a stack of cards stands for', () => {
    const stacks = shapes('card').filter(([, { resources }]) => resources.length > 1);
    expect(texts(drawArchitecture(description)).filter((text) => text.startsWith('×'))).toEqual(
      stacks.map(([, { resources }]) => `×${resources.length}`),
    );
  });
});

describe('readTemplate', () => {
  it('finds references wherever they stand', () => {
    const Properties = {
      A: { Ref: 'One' },
      B: [{ 'Fn::GetAtt': ['Two', 'Arn'] }, { 'Fn::GetAtt': 'Three.Arn' }],
      C: { 'Fn::Sub': ['${Four.Arn}/${x}', { x: { Ref: 'Five' } }] },
      D: { 'Fn::Join': ['', ['a', { Ref: 'Six' }, { 'Fn::ImportValue': 'Other-Seven' }]] },
    };
    const { resources } = readTemplate({ Resources: { R: { Type: 'AWS::S3::Bucket', Properties } } });
    const references = [...(resources.get('R')?.references ?? [])];
    expect(references.filter((id) => id !== 'x').toSorted()).toEqual([
      ...['Five', 'Four', 'One', 'Other-Seven', 'Six', 'Three', 'Two'],
    ]);
  });

  it('refuses what is no template', () => {
    expect(() => readTemplate({ Resources: { R: {} } })).toThrow('Resources.R.Type');
  });
});

function contains(outer: Box, inner: Box): boolean {
  const isWide = outer.x <= inner.x && inner.x + inner.width <= outer.x + outer.width;
  return isWide && outer.y <= inner.y && inner.y + inner.height <= outer.y + outer.height;
}

function intersect(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A line to a row may end at the border of the frame, and one to a stack at the border of the last sheet. */
function isNear(part: Part | undefined, point: Point | undefined): boolean {
  if (part === undefined) return false;
  const { x, y, width, height } = part;
  const grown = { x: x - 12, y: y - 4, width: width + 24, height: height + 8 };
  return point !== undefined && contains(grown, { ...point, width: 0, height: 0 });
}
