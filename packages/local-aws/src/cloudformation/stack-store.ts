import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DurableFile, readDurable } from '../durable-file.ts';
import { type StackRecord, stackFileSchema } from './stack-record.ts';
import { StackText } from './stack-text.ts';

/** Deleted stacks that are kept, the newest. AWS keeps them for 90 days. */
const MAX_DELETED = 100;

/** The stacks of a data folder, one JSON file each. Deleted ones stay for a while. */
export class StackStore {
  readonly #folder: string;
  readonly #records: StackRecord[];
  readonly #files = new Map<string, DurableFile>();
  #isStopped = false;

  private constructor(folder: string, records: StackRecord[]) {
    this.#folder = folder;
    this.#records = records;
  }

  /** Reads a folder, which is made if needed. Throws DataFolderError for a file that is not a stack's. */
  static async open(folder: string): Promise<StackStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A temporary file is what a write left that did not end.
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const read = await Promise.all(names.map((name) => readDurable(join(folder, name), stackFileSchema)));
    const records = read.flatMap((record) => record ?? []);
    return new StackStore(
      folder,
      records.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)),
    );
  }

  /** Oldest first. */
  get all(): readonly StackRecord[] {
    return this.#records;
  }

  /** The stack of a name that is not deleted. */
  named(name: string): StackRecord | undefined {
    return this.#records.find((record) => record.name === name && record.status !== 'DELETE_COMPLETE');
  }

  /** By id, or by the name of one that is not deleted. */
  find(nameOrId: string): StackRecord | undefined {
    return this.#records.find(({ id }) => id === nameOrId) ?? this.named(nameOrId);
  }

  /**
   * Resolves when the record is on disk as it is now. Adds one that is new, and forgets the oldest deleted ones beyond
   * the bound. Throws errors of the disk.
   */
  async save(record: StackRecord): Promise<void> {
    if (!this.#records.includes(record)) this.#records.push(record);
    if (this.#isStopped) return;
    await this.#writerOf(record).save();
    const deleted = this.#records.filter(({ status }) => status === 'DELETE_COMPLETE');
    for (const old of deleted.slice(0, Math.max(0, deleted.length - MAX_DELETED))) {
      this.#records.splice(this.#records.indexOf(old), 1);
      this.#files.delete(old.id);
      await rm(this.#fileOf(old), { force: true });
    }
  }

  /**
   * Writes what has changed so far, and nothing after it: operations that still run are interrupted, as the next start
   * finds them.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#files.values()].map((file) => file.save()));
  }

  #writerOf(record: StackRecord): DurableFile {
    const known = this.#files.get(record.id);
    if (known !== undefined) return known;
    const text = new StackText(record);
    const file = new DurableFile(this.#fileOf(record), () => text.bytes());
    this.#files.set(record.id, file);
    return file;
  }

  #fileOf({ name, id }: StackRecord): string {
    return join(this.#folder, `${name}.${id.slice(id.lastIndexOf('/') + 1)}.json`);
  }
}
