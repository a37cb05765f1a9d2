import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@tweet-pipes/kit/json';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { DurableFile, readDurable } from '../durable-file.ts';

/** Texts that may be any, also `__proto__`, with numbers. */
const numbers = z.array(z.tuple([z.string(), z.number()])).transform((entries) => new Map(entries));
const group = z.object({
  name: z.string(),
  /** The name of its folder. */
  id: z.int(),
  createdMs: z.number(),
  /** Undefined: events never expire. */
  retentionDays: z.int().optional(),
  /** Whether the group and its streams cannot be deleted. Absent: they can. */
  isProtected: z.boolean().optional(),
  /** Streams that were created before they had events: milliseconds since the epoch by name. */
  streams: numbers,
  /** Streams that were deleted, by name: the last segment whose events of this name do not count. */
  deletedStreams: numbers,
});
const schema = z.object({ lastId: z.int(), groups: z.array(group) });

/** A log group without its events. */
export type GroupRecord = z.infer<typeof group>;

/** The file of a folder of logs that names the groups. */
export function groupsFile(folder: string): string {
  return join(folder, 'groups.json');
}

/** The log groups, on disk. */
export class LogGroupsFile {
  readonly groups: Map<string, GroupRecord>;
  readonly #file: DurableFile;
  #lastId: number;

  private constructor(folder: string, { lastId, groups }: z.infer<typeof schema>) {
    this.groups = new Map(groups.map((each) => [each.name, each]));
    this.#lastId = lastId;
    this.#file = new DurableFile(groupsFile(folder), () => ({
      lastId: this.#lastId,
      groups: [...this.groups.values()].map(({ streams, deletedStreams, ...rest }) => ({
        ...rest,
        streams: [...streams],
        deletedStreams: [...deletedStreams],
      })),
    }));
  }

  /** Throws DataFolderError for a file that is damaged. */
  static async open(folder: string): Promise<LogGroupsFile> {
    return new LogGroupsFile(folder, (await readDurable(groupsFile(folder), schema)) ?? { lastId: 0, groups: [] });
  }

  /** What is wrong with the file of a folder, if anything is. */
  static async problemOf(folder: string): Promise<string | undefined> {
    return readFile(groupsFile(folder), 'utf8').then(
      (text) => {
        const json = parseJson(text);
        if (json === undefined) return 'is no JSON';
        return schema.safeParse(json).success ? undefined : 'does not fit';
      },
      (error: unknown) => (hasCode(error, 'ENOENT') ? undefined : `cannot be read: ${sentence(error)}`),
    );
  }

  /** Adds a group. Ids are not used again. */
  add(name: string, createdMs: number): GroupRecord {
    this.#lastId += 1;
    const added: GroupRecord = { name, id: this.#lastId, createdMs, streams: new Map(), deletedStreams: new Map() };
    this.groups.set(name, added);
    return added;
  }

  /** Resolves when all changes so far are on disk. */
  save(): Promise<void> {
    return this.#file.save();
  }
}
