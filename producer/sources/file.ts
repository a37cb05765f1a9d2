import type { Reader, Reading } from '../reading/reader.ts';
import { explainTweet } from '../reading/records/explain.ts';
import { Judge } from '../reading/records/judge.ts';
import { formOf, hasFirstLine, splitterFor } from '../reading/values/form.ts';
import type { Piece } from '../reading/values/piece.ts';
import type { Source } from '../record.ts';
import { type PathOptions, pathSource } from './path-source.ts';

/** How to read tweets from files. */
export interface FileSourceOptions extends PathOptions {
  /** The columns of tables without a header, in their order. */
  columns?: readonly string[] | undefined;
  /** Tweets are sent with all that they came with, not compact. */
  isRaw?: boolean;
}

/**
 * Tweets and delete notices from files, folders or standard input (`-`): JSON in any arrangement, tables with and
 * without a header, in any container of {@link ../reading/containers/contents.ts}. Records of other tools are made
 * tweets of X's API. The tally tells what could not be used. Throws what {@link pathSource} throws.
 */
export function fileSource(paths: readonly string[], options: FileSourceOptions = {}): Promise<Source> {
  return pathSource(paths, readerFor(options), options);
}

function readerFor({ columns, isRaw = false }: FileSourceOptions): Reader {
  return {
    isEnough: hasFirstLine,
    read(head, bytes): Reading {
      const form = formOf(head, columns);
      const judge = new Judge(isRaw);
      const splitter = splitterFor(form);
      // One by one, so that a value is garbage soon.
      const judged = function* (pieces: Iterable<Piece>) {
        for (const piece of pieces) for (const some of judge.judge(piece)) yield { line: piece.line, judged: some };
      };
      const items = async function* () {
        if (form.kind === 'csv' && columns !== undefined && form.dialect.headerRows > 0) {
          yield [{ line: 1, judged: { kind: 'other', what: 'the header of a table' } as const }];
        }
        for await (const chunk of bytes) yield judged(splitter.push(chunk));
        yield judged(splitter.end());
      };
      return {
        items: items(),
        ...(form.kind === 'unknown' ? { likeness: `it looks like ${form.likeness}` } : {}),
        emptiness:
          form.kind === 'csv'
            ? 'it looks like CSV with a header and no rows'
            : 'there is no tweet and no delete notice in it, it looks like JSON without results',
        isPartOfArchive: () => judge.isInArchive,
        explain: (tweet) => explainTweet(tweet, form.kind === 'csv' ? 'column' : 'member'),
      };
    },
  };
}
