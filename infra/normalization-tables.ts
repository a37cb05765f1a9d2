import { foldHashtag, usualWidth } from '@tweet-pipes/kit/hashtag';

/**
 * What the workflow needs to fold hashtags as {@link foldHashtag} does (docs/adr/0040), from the Unicode tables of this
 * Node: by name, the texts for the holes of its definition. They have no quotes and no backslashes. Only what a text in
 * lower case can hold is in them, and no character beyond the first 65,536.
 */
export function normalizationTables(): NormalizationTables {
  tables ??= makeTables();
  return tables;
}

type NormalizationTables = Readonly<ReturnType<typeof makeTables>>;
/** Made once: that takes a quarter of the time of a synthesis. */
let tables: NormalizationTables | undefined;

function makeTables() {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isInFoldedText);
  const marks = marksByClass(letters.filter((letter) => /\p{M}/u.test(letter) && partsOf(letter) === letter));
  const compositions = [...letters.filter(isComposition), ...openSyllables];
  const composing = new Set([...compositions.map((letter) => lastPair(letter).charAt(1)), ...finals]);
  const attaching = new Set([...marks.flat(), ...composing]);
  const startsWith = (first: ReadonlySet<unknown>) => (letter: string) => first.has(partsOf(letter).charAt(0));
  return {
    MarkClasses: marks.map((ofClass) => ofClass.join('')).join(' '),
    Marks: rangesOf(marks.flat()),
    Attaching: rangesOf(letters.filter(startsWith(attaching))),
    Irregular: rangesOf(letters.filter((letter) => startsWith(composing)(letter) || foldHashtag(letter) !== letter)),
    Decompositions: letters
      .filter((letter) => partsOf(letter) !== letter)
      .map((letter) => `${letter}:${partsOf(letter)}`)
      .join(' '),
    Compositions: compositions.map((letter) => `${lastPair(letter)}:${letter}`).join(' '),
    OpenSyllables: openSyllables,
    Finals: finals,
  };
}

const isInFoldedText = (letter: string) =>
  letter.isWellFormed() && letter.toLowerCase() === letter && !(letter >= '\uac00' && letter <= '\ud7a3');
const partsOf = (letter: string) => usualWidth(letter).normalize('NFD');
const isComposition = (letter: string) => letter.normalize('NFD') !== letter && letter.normalize('NFC') === letter;

/** The two parts that a letter is composed of last. */
function lastPair(letter: string): string {
  const parts = letter.normalize('NFD');
  return parts.slice(0, -1).normalize('NFC') + parts.slice(-1);
}

/** The 10,773 Korean syllables that have a final are composed by arithmetic (The Unicode Standard, section 3.12). */
const openSyllables = lettersFrom(0xac00, 399, 28);
const finals = lettersFrom(0x11a8, 27);

function lettersFrom(first: number, count: number, step = 1): string {
  return Array.from({ length: count }, (_, n) => String.fromCharCode(first + n * step)).join('');
}

/** Combining marks by their class, in the order in which they stand behind a letter; without those that stay put. */
function marksByClass(marks: string[]): string[][] {
  const classes: string[][] = [];
  for (const mark of marks.filter((mark) => isSwapped(mark, '\u0334') || isSwapped('\u0345', mark))) {
    const ofClass = classes.find(([first = '']) => !isSwapped(first, mark) && !isSwapped(mark, first));
    if (ofClass === undefined) classes.push([mark]);
    else ofClass.push(mark);
  }
  return classes.sort(([a = ''], [b = '']) => (isSwapped(a, b) ? 1 : -1));
}

const isSwapped = (a: string, b: string) => `x${a}${b}`.normalize('NFD') !== `x${a}${b}`;

/** As they stand in the brackets of a regular expression. */
function rangesOf(letters: string[]): string {
  const codes = letters.map((letter) => letter.charCodeAt(0)).sort((a, b) => a - b);
  const starts = codes.filter((code, n) => codes[n - 1] !== code - 1);
  const ends = codes.filter((code, n) => codes[n + 1] !== code + 1);
  return starts
    .map((start, n) => [start, ends[n] ?? start])
    .map(([start = 0, end = 0]) => String.fromCharCode(...(start === end ? [start] : [start, 0x2d, end])))
    .join('');
}
