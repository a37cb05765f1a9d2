import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * What a reconciliation has seen, in a temporary file, because the tweets may not fit into memory. `close` removes it.
 */
export class EvidenceFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'reconcile-'));
  readonly #database = new DatabaseSync(join(this.#folder, 'evidence.sqlite'));
  readonly #add;
  readonly #has;
  readonly #count;

  constructor() {
    // A crash may lose the file: it holds nothing that cannot be read again.
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE seen (kind TEXT, digest BLOB, PRIMARY KEY (kind, digest)) WITHOUT ROWID;
      BEGIN`);
    this.#add = this.#database.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)');
    this.#has = this.#database.prepare('SELECT 1 FROM seen WHERE kind = ? AND digest = ?');
    this.#count = this.#database.prepare('SELECT COUNT(*) AS n FROM seen WHERE kind = ?');
  }

  /** Notes a key; true when it is new. */
  add(kind: 'tweet' | 'object' | 'out-of-order' | 'explained', ...key: string[]): boolean {
    return this.#add.run(kind, digest(key)).changes === 1;
  }

  has(kind: 'tweet' | 'object' | 'out-of-order' | 'explained', ...key: string[]): boolean {
    return this.#has.get(kind, digest(key)) !== undefined;
  }

  count(kind: 'tweet' | 'object' | 'out-of-order' | 'explained'): number {
    return Number(this.#count.get(kind)?.n ?? 0);
  }

  close(): void {
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function digest(key: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(key)).digest().subarray(0, 16);
}
