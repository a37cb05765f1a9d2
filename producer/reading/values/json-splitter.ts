import { isUtf8 } from 'node:buffer';
import type { Json } from '@tweet-pipes/kit/json';
import { ByteWindow } from './byte-window.ts';
import { largestPieceBytes, type Piece, type Splitter } from './piece.ts';

const code = (character: string): number => character.charCodeAt(0);
const [tab, lineFeed, carriageReturn, space] = [code('\t'), code('\n'), code('\r'), code(' ')];
const [quote, backslash, comma, semicolon] = [code('"'), code('\\'), code(','), code(';')];
const [openBracket, closeBracket, openBrace, closeBrace] = [code('['), code(']'), code('{'), code('}')];
/** RFC 7464 puts it before each value. */
const recordSeparator = 0x1e;

/** A line that is longer than what is read so far is not waited for, if so much is read. */
const longestAwaitedLineBytes = 256 * 1024;

/** `window.YTD.tweets.part0 =`, `Grailbird.data.tweets_2012_01 =`, `var tweet_index =` */
const assignment = /^(?:(?:var|let|const) )?([A-Za-z_$][\w$]*(?:\.[\w$]+)*)\s*=(?!=)/;
const longestAssignmentBytes = 200;

/** A value that is not complete yet. Positions are those of the window, whose start is the value's. */
interface Scan {
  kind: 'container' | 'string' | 'token' | 'garbage';
  reason: string;
  /** What is before it was looked at. */
  position: number;
  line: number;
  /** Line ends in it so far. */
  lines: number;
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
  /** Column of the first character of its line. */
  indent: number;
  /** The same of its second line. */
  nextIndent: number | undefined;
  /** It is longer than a piece may be, and its bytes are dropped as they come. */
  isDropped: boolean;
  isComplete: boolean;
}

/**
 * Splits a text into JSON values, however they are arranged: one a line, in an array, after each other with or without
 * commas, over several lines, behind an assignment. Each line that is one object is parsed as it is; anything else is
 * scanned for the end of the value first.
 *
 * What is broken ends with its line, or where the next value of the same indentation begins, so that one bad record
 * does not take others with it. An element of an array is a value of its own, an array inside an array is one value.
 */
export class JsonSplitter implements Splitter {
  readonly #window = new ByteWindow();
  #line = 1;
  #indent = 0;
  /** Nothing but separators was on this line so far. */
  #isLineFresh = true;
  /** Where the array began that the values are elements of. */
  #arrayLine: number | undefined;
  #scan: Scan | undefined;
  #isAfterBroken = false;

  *push(chunk: Buffer): Generator<Piece> {
    this.#window.append(chunk);
    for (let piece = this.#next(false); piece !== undefined; piece = this.#next(false)) yield piece;
  }

  *end(): Generator<Piece> {
    for (let piece = this.#next(true); piece !== undefined; piece = this.#next(true)) yield piece;
    if (this.#arrayLine !== undefined && !this.#isAfterBroken) {
      yield this.#broken(this.#line, Buffer.alloc(0), 'the text ends before its array does');
    }
  }

  /** Undefined if it needs more bytes. */
  #next(isEnd: boolean): Piece | undefined {
    for (;;) {
      if (this.#scan === undefined) {
        this.#skipSeparators();
        if (this.#window.length === 0) return undefined;
        // A byte order mark may be cut in two.
        if (!isEnd && this.#window.at(0) === 0xef && this.#window.length < 3) return undefined;
        if (this.#isLineFresh) {
          const whole = this.#wholeLine(isEnd);
          if (whole === 'incomplete') return undefined;
          if (whole !== undefined) return whole;
        }
        const heading = this.#heading(isEnd);
        if (heading === 'incomplete') return undefined;
        if (heading !== undefined) return heading;
        this.#isLineFresh = false;
        this.#scan = this.#begin();
      }
      const scan = this.#scan;
      this.#drop(scan);
      if (!scan.isComplete && !this.#proceed(scan, isEnd)) return undefined;
      const isAlone = scan.kind === 'garbage' || this.#isFollowedWell(scan, isEnd);
      if (isAlone === 'incomplete') return undefined;
      if (isAlone) return this.#finish(scan);
      Object.assign(scan, { kind: 'garbage', isComplete: false, reason: 'not JSON' });
    }
  }

  #skipSeparators(): void {
    const window = this.#window;
    for (let position = 0; ; position += 1) {
      switch (window.at(position)) {
        case lineFeed:
          this.#line += 1;
          this.#isLineFresh = true;
          this.#indent = 0;
          continue;
        case space:
        case tab:
          if (this.#isLineFresh) this.#indent += 1;
          continue;
        case carriageReturn:
        case comma:
        case recordSeparator:
          continue;
        case openBracket:
          if (this.#arrayLine !== undefined) break;
          this.#arrayLine = this.#line;
          continue;
        case closeBracket:
          if (this.#arrayLine === undefined) break;
          this.#arrayLine = undefined;
          continue;
        case semicolon:
          // Ends an assignment.
          if (this.#arrayLine !== undefined) break;
          continue;
        case 0xef:
          // A byte order mark, where texts were put together.
          if (window.at(position + 1) !== 0xbb || window.at(position + 2) !== 0xbf) break;
          position += 2;
          continue;
      }
      window.drop(position);
      return;
    }
  }

  /** Tries the rest of a line as one object, which is fast; undefined if it is none. */
  #wholeLine(isEnd: boolean): Piece | undefined | 'incomplete' {
    const window = this.#window;
    if (window.at(0) !== openBrace) return undefined;
    let end = window.indexOf(lineFeed);
    if (end === -1) {
      if (!isEnd) return window.length < longestAwaitedLineBytes ? 'incomplete' : undefined;
      end = window.length;
    }
    let stop = end;
    while (stop > 0 && isBlankOrComma(window.at(stop - 1))) stop -= 1;
    if (window.at(stop - 1) !== closeBrace) return undefined;
    const bytes = window.slice(0, stop);
    const value = parse(bytes);
    if (value === undefined) return undefined;
    // The line end is a separator.
    window.drop(end);
    this.#isAfterBroken = false;
    return { kind: 'value', line: this.#line, bytes, value };
  }

  #heading(isEnd: boolean): Piece | undefined | 'incomplete' {
    const window = this.#window;
    if (this.#arrayLine !== undefined || !isLetter(window.at(0))) return undefined;
    const text = window.slice(0, longestAssignmentBytes).toString('latin1');
    const [whole = '', name] = assignment.exec(text) ?? [];
    if (name === undefined) {
      const isCut = !isEnd && text.length < longestAssignmentBytes && /^[\w$. \t]*$/.test(text);
      return isCut ? 'incomplete' : undefined;
    }
    window.drop(whole.length);
    return { kind: 'heading', line: this.#line, name };
  }

  #begin(): Scan {
    const first = this.#window.at(0);
    const isContainer = first === openBrace || first === openBracket;
    return {
      kind: isContainer ? 'container' : first === quote ? 'string' : endsToken(first) ? 'garbage' : 'token',
      reason: 'not JSON',
      position: 0,
      line: this.#line,
      lines: 0,
      depth: 0,
      isInString: false,
      isEscaped: false,
      indent: this.#indent,
      nextIndent: undefined,
      isDropped: false,
      isComplete: false,
    };
  }

  /** Looks for the end of the value. False if it needs more bytes. */
  #proceed(scan: Scan, isEnd: boolean): boolean {
    const { length } = this.#window;
    const isFound =
      scan.kind === 'garbage'
        ? this.#proceedInGarbage(scan, isEnd)
        : scan.kind === 'token'
          ? this.#proceedInToken(scan)
          : this.#proceedInContainer(scan, isEnd);
    if (isFound === 'incomplete') return false;
    if (isFound) return true;
    scan.position = length;
    if (!isEnd) return false;
    if (scan.kind === 'container' || scan.kind === 'string') {
      Object.assign(scan, { kind: 'garbage', reason: 'not JSON: the text ends within it' });
    }
    scan.isComplete = true;
    return true;
  }

  /** Garbage ends with its line; that of a value of several lines where the next value begins, or the array ends. */
  #proceedInGarbage(scan: Scan, isEnd: boolean): boolean | 'incomplete' {
    const window = this.#window;
    for (;;) {
      const end = window.indexOf(lineFeed, scan.position);
      if (end === -1) return false;
      let next = end + 1;
      while (window.at(next) === space || window.at(next) === tab) next += 1;
      scan.position = end;
      if (scan.lines > 0) {
        if (window.at(next) === -1 && !isEnd) return 'incomplete';
        const isInside = next - (end + 1) > scan.indent || !isStart(window.at(next));
        if (isInside && window.at(next) !== -1) {
          scan.position = end + 1;
          scan.lines += 1;
          continue;
        }
      }
      scan.isComplete = true;
      return true;
    }
  }

  #proceedInToken(scan: Scan): boolean {
    for (let position = scan.position; position < this.#window.length; position += 1) {
      if (!endsToken(this.#window.at(position))) continue;
      scan.position = position;
      scan.isComplete = true;
      return true;
    }
    return false;
  }

  #proceedInContainer(scan: Scan, isEnd: boolean): boolean | 'incomplete' {
    const window = this.#window;
    const { length } = window;
    let { depth, isInString, isEscaped } = scan;
    for (let position = scan.position; position < length; position += 1) {
      const byte = window.at(position);
      if (isInString) {
        if (byte === lineFeed || byte === carriageReturn) {
          Object.assign(scan, { kind: 'garbage', position, reason: 'not JSON: a text in it has no end' });
          return this.#proceedInGarbage(scan, isEnd);
        }
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        if (isInString || depth > 0) continue;
      } else if (byte === quote) {
        isInString = true;
        continue;
      } else if (byte === openBrace || byte === openBracket) {
        depth += 1;
        continue;
      } else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1;
        if (depth > 0) continue;
      } else if (byte === lineFeed) {
        const isNew = this.#isNewValueAt(scan, position + 1, isEnd);
        if (isNew === 'incomplete') {
          Object.assign(scan, { position, depth, isInString, isEscaped });
          return 'incomplete';
        }
        if (isNew) {
          Object.assign(scan, { kind: 'garbage', position, isComplete: true, reason: 'not JSON: it has no end' });
          return true;
        }
        scan.lines += 1;
        continue;
      } else continue;
      Object.assign(scan, { position: position + 1, isComplete: true });
      return true;
    }
    Object.assign(scan, { depth, isInString, isEscaped });
    return false;
  }

  /**
   * Whether a line inside an unfinished value is the start of the next one: it begins with a brace and is not indented
   * more than the value, although the value's own lines are, or it is a whole object, or JSON in a text. So the value
   * lacks its end.
   */
  #isNewValueAt(scan: Scan, start: number, isEnd: boolean): boolean | 'incomplete' {
    const window = this.#window;
    let position = start;
    while (window.at(position) === space || window.at(position) === tab) position += 1;
    if (position >= window.length && !isEnd) return 'incomplete';
    const indent = position - start;
    scan.nextIndent ??= indent;
    const first = window.at(position);
    if ((first !== openBrace && first !== quote) || indent > scan.indent) return false;
    if (first === openBrace && scan.nextIndent > scan.indent) return true;
    let end = window.indexOf(lineFeed, position);
    if (end === -1) {
      if (!isEnd) return window.length - position < longestAwaitedLineBytes ? 'incomplete' : false;
      end = window.length;
    }
    while (end > position && isBlankOrComma(window.at(end - 1))) end -= 1;
    if (window.at(end - 1) !== (first === quote ? quote : closeBrace)) return false;
    const value = parse(window.slice(position, end));
    return first === quote ? typeof value === 'string' && /^\s*[[{]/.test(value) : value !== undefined;
  }

  /** Whether the next thing behind the value is a separator or another value. If not, the whole line is broken. */
  #isFollowedWell(scan: Scan, isEnd: boolean): boolean | 'incomplete' {
    const isContainer = scan.kind === 'container';
    let position = this.#skipBlanks(scan.position);
    // Outside of an array, a line of texts and commas is a row of a table.
    const isComma = this.#window.at(position) === comma;
    if (isComma && this.#arrayLine !== undefined) return true;
    if (isComma) position = this.#skipBlanks(position + 1);
    switch (this.#window.at(position)) {
      case -1:
        return isEnd || 'incomplete';
      case lineFeed:
      case carriageReturn:
      case recordSeparator:
        return true;
      case closeBracket:
        return !isComma;
      case openBrace:
      case openBracket:
        return isContainer;
      case semicolon:
        return isContainer && !isComma;
      default:
        return false;
    }
  }

  #skipBlanks(position: number): number {
    let after = position;
    while (this.#window.at(after) === space || this.#window.at(after) === tab) after += 1;
    return after;
  }

  #finish(scan: Scan): Piece {
    const bytes = this.#window.slice(0, scan.position);
    this.#window.drop(scan.position);
    this.#scan = undefined;
    this.#line += scan.lines;
    this.#isAfterBroken = false;
    if (scan.isDropped)
      return this.#broken(scan.line, Buffer.alloc(0), `longer than ${largestPieceBytes / 1024 ** 2} MiB`);
    if (scan.kind === 'garbage') {
      // An array that began on a broken line has its end there too, or none.
      if (this.#arrayLine === scan.line) this.#arrayLine = undefined;
      return this.#broken(scan.line, bytes, isUtf8(bytes) ? scan.reason : 'not UTF-8');
    }
    const value = parse(bytes);
    if (value !== undefined) return { kind: 'value', line: scan.line, bytes, value };
    return this.#broken(scan.line, bytes, isUtf8(bytes) ? 'not JSON' : 'not UTF-8');
  }

  #broken(line: number, bytes: Buffer, reason: string): Piece {
    this.#isAfterBroken = true;
    return { kind: 'broken', line, bytes, reason };
  }

  /** Bounds memory: bytes of a value that is too long are given up as they come. */
  #drop(scan: Scan): void {
    if (scan.position > largestPieceBytes) scan.isDropped = true;
    if (!scan.isDropped) return;
    this.#window.drop(scan.position);
    scan.position = 0;
  }
}

/** Undefined if it is no JSON in UTF-8. */
function parse(bytes: Buffer): Json | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: Json = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
}

function isBlankOrComma(byte: number): boolean {
  return byte === space || byte === tab || byte === carriageReturn || byte === comma;
}

/** A line that begins so is the start of a value or the end of their array. */
function isStart(byte: number): boolean {
  return byte === openBrace || byte === closeBracket;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** White space, and what has a meaning in JSON. */
function endsToken(byte: number): boolean {
  return (
    byte === -1 ||
    byte === space ||
    (byte >= tab && byte <= carriageReturn) ||
    byte === comma ||
    byte === quote ||
    byte === code(':') ||
    byte === recordSeparator ||
    byte === openBracket ||
    byte === closeBracket ||
    byte === openBrace ||
    byte === closeBrace
  );
}
