import { describe, expect, it } from '@jest/globals';
import { CsvSplitter } from '@tweet-pipes/producer/reading/values/csv-splitter';
import { JsonSplitter } from '@tweet-pipes/producer/reading/values/json-splitter';
import type { Piece, Splitter } from '@tweet-pipes/producer/reading/values/piece';
import fc from 'fast-check';

function pieces(splitter: Splitter, text: string | Buffer, size = text.length): Piece[] {
  const bytes = Buffer.from(text);
  const found: Piece[] = [];
  for (let at = 0; at < bytes.length; at += size)
    found.push(...splitter.push(Buffer.from(bytes.subarray(at, at + size))));
  return [...found, ...splitter.end()];
}

/** Each piece in short: its line, and its value, row or reason. */
function inShort(found: readonly Piece[]): unknown[] {
  return found.map((piece) => [piece.line, contentOf(piece)]);
}

function contentOf(piece: Piece): unknown {
  switch (piece.kind) {
    case 'value':
      return piece.value;
    case 'row':
      return [...piece.fields.values()];
    case 'heading':
      return piece.name;
    case 'broken':
      return `! ${piece.reason}: ${piece.bytes}`;
  }
}

const [a, b] = [
  { id: 1, text: 'a], [\\"{' },
  { id: 2, list: [{ x: '}' }] },
];
const [one, two] = [JSON.stringify(a), JSON.stringify(b)];
const pretty = (value: unknown, indent: number) => JSON.stringify(value, null, indent);

describe('JSON', () => {
  it.each<[string, string, number[]]>([
    ['one value a line', `${one}\n\n${two}`, [1, 3]],
    ['lines that end in CRLF and commas', `${one},\r\n${two},\r\n`, [1, 2]],
    ['values after each other', `${one}${two}`, [1, 1]],
    ['values with something between them', ` ${one} , ${two}\n,`, [1, 1]],
    ['an array', `[${one},${two}]`, [1, 1]],
    ['an array over several lines, with a comma at its end', `[\n ${one},\n ${two},\n]\n`, [2, 3]],
    ['arrays after each other', `[${one}]\n[]\n[${two}]`, [1, 3]],
    ['a pretty array', pretty([a, b], 2), [2, 6]],
    ['pretty values', `${pretty(a, 4)}\n${pretty(b, 4)}\n`, [1, 5]],
    [
      'pretty values without indentation',
      `${pretty(a, 2).replaceAll(/^ +/gm, '')}\n${pretty(b, 2).replaceAll(/^ +/gm, '')}`,
      [1, 5],
    ],
    ['a line and a pretty value', `${one}\n${pretty(b, 1)}`, [1, 2]],
    ['values behind record separators (RFC 7464)', `\x1e${one}\n\x1e${two}\n`, [1, 2]],
    ['texts put together that have byte order marks', `${one}\n\ufeff${two}`, [1, 2]],
  ])('is read from %s, however the bytes come', (_, text, lines) => {
    const expected = [a, b].map((value, index) => [lines[index], value]);
    for (const size of [1, 2, 17, text.length * 4]) {
      expect(inShort(pieces(new JsonSplitter(), text, size))).toEqual(expected);
    }
  });

  it('is read behind an assignment, whose name is told', () => {
    const text = `window.YTD.tweets.part0 = [ {\n  "id": 1\n} , {\n  "id": 2\n} ];\nGrailbird.data.x =\n [${two}]`;
    expect(inShort(pieces(new JsonSplitter(), text, 5))).toEqual([
      [1, 'window.YTD.tweets.part0'],
      [1, { id: 1 }],
      [3, { id: 2 }],
      [6, 'Grailbird.data.x'],
      [7, b],
    ]);
  });

  it.each<[string, string, unknown[]]>([
    [
      'a line that is no JSON',
      `${one}\nnot json\n${two}`,
      [
        [1, a],
        [2, '! not JSON: not json'],
        [3, b],
      ],
    ],
    [
      'a cut text',
      '{"t":"x\n{"id":2}',
      [
        [1, '! not JSON: a text in it has no end: {"t":"x'],
        [2, { id: 2 }],
      ],
    ],
    [
      'a cut line',
      '{"t":\n{"id":2}\n',
      [
        [1, '! not JSON: it has no end: {"t":'],
        [2, { id: 2 }],
      ],
    ],
    [
      'the end',
      `${one}\n{"t":"x`,
      [
        [1, a],
        [2, '! not JSON: the text ends within it: {"t":"x'],
      ],
    ],
    [
      'the end of an array',
      `[${one},`,
      [
        [1, a],
        [1, '! the text ends before its array does: '],
      ],
    ],
    [
      'something behind a value',
      `${one} x\n${two}`,
      [
        [1, `! not JSON: ${one} x`],
        [2, b],
      ],
    ],
    [
      'a comma too few',
      `{"a":1 "b":2}\n${two}`,
      [
        [1, '! not JSON: {"a":1 "b":2}'],
        [2, b],
      ],
    ],
    [
      'a bracket for a brace',
      `["a":1}\n${two}`,
      [
        [1, '! not JSON: "a":1}'],
        [2, b],
      ],
    ],
    [
      'elements of an array',
      '[ 1, nonsense ,"x,y",[2, 3],, ]',
      [
        [1, 1],
        [1, '! not JSON: nonsense'],
        [1, 'x,y'],
        [1, [2, 3]],
      ],
    ],
    [
      'rows of a table',
      '"1","a, b"\n"2","c"',
      [
        [1, '! not JSON: "1","a, b"'],
        [2, '! not JSON: "2","c"'],
      ],
    ],
    [
      'a pretty value without its end',
      `[\n  {\n    "id": 1,\n  {\n    "id": 2\n  }\n]`,
      [
        [2, '! not JSON: it has no end: {\n    "id": 1,'],
        [4, { id: 2 }],
      ],
    ],
    [
      'a pretty value with a cut text',
      `[\n  {\n    "id": "1,\n    "x": {\n      "y": 3\n    }\n  },\n  {\n    "id": 2\n  }\n]`,
      [
        [2, '! not JSON: a text in it has no end: {\n    "id": "1,\n    "x": {\n      "y": 3\n    }\n  },'],
        [8, { id: 2 }],
      ],
    ],
  ])('that is broken by %s takes nothing else with it', (_, text, expected) => {
    for (const size of [1, 3, text.length]) expect(inShort(pieces(new JsonSplitter(), text, size))).toEqual(expected);
  });

  it('that is no UTF-8 is broken, and nothing else is', () => {
    const text = Buffer.concat([Buffer.from('{"t":"caf\xe9"}\n', 'latin1'), Buffer.from(two)]);
    expect(inShort(pieces(new JsonSplitter(), text)).map((some) => String(some).slice(0, 14))).toEqual([
      '1,! not UTF-8:',
      '2,[object Obje',
    ]);
  });

  it('has every byte in one piece, whatever the text is', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '\n',
      ' ',
      'a',
      '1',
      '{"a":"b"}',
      '\n  {\n',
      'x = [',
      '\ud83d\ude00',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join('');
        let rest = text;
        const all = pieces(new JsonSplitter(), text, size);
        expect(inShort(all)).toEqual(inShort(pieces(new JsonSplitter(), text)));
        for (const piece of all) {
          const content = piece.kind === 'heading' ? piece.name : String(piece.bytes);
          const at = rest.indexOf(content);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(rest.slice(0, at)).toMatch(/^[\s,[\]=;]*$/);
          rest = rest.slice(at + content.length);
        }
        expect(rest).toMatch(/^[\s,[\]=;]*$/);
      }),
      { numRuns: 500 },
    );
  });

  it('that is too long is not kept, and what follows is read', () => {
    const [mebibyte, splitter] = [Buffer.alloc(1024 ** 2, 'x'), new JsonSplitter()];
    const found: Piece[] = [...splitter.push(Buffer.from('{"text":"'))];
    for (let count = 0; count < 40; count += 1) found.push(...splitter.push(mebibyte));
    found.push(...splitter.push(Buffer.from(`"}\n${two}\n`)), ...splitter.end());
    expect(inShort(found)).toEqual([
      [1, '! longer than 16 MiB: '],
      [2, b],
    ]);
  });
});

describe('CSV', () => {
  const dialect = { delimiter: ',', columns: ['id', 'text', 'lang'], headerRows: 1 };
  const rows = (text: string | Buffer, size?: number, other = {}) =>
    inShort(pieces(new CsvSplitter({ ...dialect, ...other }), text, size));

  it('has quoted fields, line breaks in them, empty fields and lines', () => {
    const text = 'id,text,lang\r\n1,"a, ""b""\r\nc",en\r\n\r\n2,,\r\n"3","",x';
    for (const size of [1, 4, text.length]) {
      expect(rows(text, size)).toEqual([
        [2, ['1', 'a, "b"\r\nc', 'en']],
        [5, ['2', '', '']],
        [6, ['3', '', 'x']],
      ]);
    }
    expect(rows('1;"x;y";z\n', 3, { delimiter: ';', headerRows: 0 })).toEqual([[1, ['1', 'x;y', 'z']]]);
  });

  it('takes a row with stray quotes, or reports its line alone', () => {
    const text = 'id,text,lang\n1,5" x,en\n2,"a" b,en\n3,"no end,en\n4,"no end, c\n5,ok,en\n';
    for (const size of [1, 6, text.length]) {
      expect(rows(text, size)).toEqual([
        [2, ['1', '5" x', 'en']],
        [3, ['2', '"a" b', 'en']],
        [4, '! a row whose quotes do not fit: 3,"no end,en'],
        [5, '! a row whose quotes do not fit: 4,"no end, c'],
        [6, ['5', 'ok', 'en']],
      ]);
    }
    const tabs = { delimiter: '\t', columns: ['id', 'text'], headerRows: 0 };
    expect(rows('1\t"no end\n2\tok\n', 4, tabs)).toEqual([
      [1, ['1', '"no end']],
      [2, ['2', 'ok']],
    ]);
    expect(rows('id,text,lang\n1,"a, b, c\n2,ok,en')).toEqual([
      [2, '! a row whose quotes do not fit: 1,"a, b, c'],
      [3, ['2', 'ok', 'en']],
    ]);
  });

  it('reports a row with too few or too many columns, and one that is no text', () => {
    expect(rows('id,text,lang\n1,a\n2,b,c,d\n3,e,f,,\n')).toEqual([
      [2, '! a row with 2 of 3 columns: 1,a'],
      [3, '! a row with 4 of 3 columns: 2,b,c,d'],
      [4, ['3', 'e', 'f']],
    ]);
    expect(rows(Buffer.from('id,text,lang\n1,caf\xe9,en\n2,b,en', 'latin1'))).toEqual([
      [2, expect.stringMatching('! not UTF-8')],
      [3, ['2', 'b', 'en']],
    ]);
  });
});
