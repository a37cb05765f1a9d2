import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { atATime } from './at-a-time.ts';
import { archiveKey, type Item } from './stores.ts';

/**
 * Reads the archive bucket. Keeps what it has read by key and ETag, so that reading again while waiting costs only the
 * listings.
 */
export class ObjectReader {
  readonly #clients: AwsClients;
  readonly #bucket: string;
  readonly #read = new Map<string, Buffer>();

  constructor(clients: AwsClients, bucket: string) {
    this.#clients = clients;
    this.#bucket = bucket;
  }

  /** The distinct archive rows under the prefixes. Throws CliError for an object that Firehose did not write. */
  async archiveRows(prefixes: readonly string[]): Promise<Map<string, Item>> {
    const rows = new Map<string, Item>();
    for (const { key, body } of await this.#objects(prefixes)) {
      for (const row of jsonLines(key, body)) {
        const table = String(row.table);
        const own = table === 'hashtags' ? row.hashtag : row.id;
        rows.set(archiveKey(table, String(own), typeof row.record === 'string' ? row.record : null), row);
      }
    }
    return rows;
  }

  /** The keys of the files that Firehose wrote. */
  async archiveFiles(): Promise<string[]> {
    return (await this.#list(['deleted/'])).map(({ key }) => key);
  }

  /**
   * Quarantine objects by key. `after` leaves out keys up to and including it, per prefix; `wanted` chooses among the
   * rest.
   */
  async quarantine(
    prefixes: readonly { prefix: string; after?: string }[],
    wanted: (key: string) => boolean = () => true,
  ): Promise<Map<string, Item>> {
    const found = (await atATime(4, prefixes, ({ prefix, after }) => this.#list([prefix], after))).flat();
    const objects = await this.#get(found.filter(({ key }) => wanted(key)));
    return new Map(objects.map(({ key, body }) => [key, jsonObject(key, body.toString('utf8'))]));
  }

  async #objects(prefixes: readonly string[]) {
    return this.#get(await this.#list(prefixes));
  }

  async #list(prefixes: readonly string[], after?: string): Promise<{ key: string; tag: string }[]> {
    const found: { key: string; tag: string }[] = [];
    for (const prefix of prefixes) {
      const request = { Bucket: this.#bucket, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: after }) };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#clients.s3 }, request)) {
        for (const { Key, ETag } of Contents) if (Key !== undefined) found.push({ key: Key, tag: `${Key} ${ETag}` });
      }
    }
    return found;
  }

  #get(objects: readonly { key: string; tag: string }[]): Promise<{ key: string; body: Buffer }[]> {
    return atATime(16, objects, async ({ key, tag }) => {
      let body = this.#read.get(tag);
      if (body === undefined) {
        const { Body } = await this.#clients.s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
        body = Buffer.from((await Body?.transformToByteArray()) ?? []);
        this.#read.set(tag, body);
      }
      return { key, body };
    });
  }
}

function jsonLines(key: string, body: Buffer): Item[] {
  let text: string;
  try {
    text = gunzipSync(body).toString('utf8');
  } catch (cause) {
    throw new CliError(`The archive object ${key} is not gzip.`, { exitCode: 2, cause });
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => jsonObject(key, line));
}

function jsonObject(key: string, text: string): Item {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Reported below, together with JSON that is no object.
  }
  throw new CliError(`The object ${key} holds something else than JSON objects: ${text.slice(0, 80)}`, { exitCode: 2 });
}
