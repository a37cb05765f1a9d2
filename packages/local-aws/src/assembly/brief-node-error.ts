/** Frames of the app itself that are kept. */
const MOST_FRAMES = 3;

/** The place in Node or in a package where an error was thrown, with its line of code. */
const FOREIGN_PLACE = /^(?:node:internal\/|\S*\/node_modules\/)\S*:\d+\n.*\n\s*\^+\n\s*\n/gm;
const FRAME = /^\s+at /;
const FOREIGN_FRAME = /[( ](?:node:|\S*\/node_modules\/)/;
/** Of an error that Node prints with its members. */
const REST = /^(?:Node\.js v\d.*|\s*\}|\s+\.{3} \d+ lines matching cause stack trace \.{3}|\s+(?:code|url): '.*',?)$/;

/**
 * What Node prints for an error that ends a program, without the frames of Node and of packages: file, line and
 * message. Another text stays as it is.
 */
export function briefNodeError(text: string): string {
  if (!/^\s+at .*[:)]/m.test(text)) return text;
  let frames = 0;
  const lines = text
    .replace(FOREIGN_PLACE, '')
    .split('\n')
    .filter((line) => {
      if (!FRAME.test(line)) return !REST.test(line);
      if (FOREIGN_FRAME.test(line)) return false;
      frames += 1;
      return frames <= MOST_FRAMES;
    });
  return lines.join('\n').trim() || text;
}
