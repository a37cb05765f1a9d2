/**
 * The word that needs the fewest typed changes to become `text`, in lower case; the first of equals. Undefined without
 * words.
 */
export function closest(text: string, words: readonly string[]): string | undefined {
  const distances = words.map((word) => ({ word, distance: distance(text.toLowerCase(), word.toLowerCase()) }));
  return distances.sort((a, b) => a.distance - b.distance)[0]?.word;
}

/** Levenshtein's distance: how many characters must be inserted, removed or replaced. */
function distance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, character] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, wanted] of [...to].entries()) {
      const replace = (previous[column] ?? 0) + (character === wanted ? 0 : 1);
      const remove = (previous[column + 1] ?? 0) + 1;
      const insert = (current[column] ?? 0) + 1;
      current.push(Math.min(replace, remove, insert));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
