import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ListedObject, QuarantinedRecord, QuarantineReading } from '@tweet-pipes/console/views/objects/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { atATime } from '../../verification/at-a-time.ts';
import { listedObject } from './object-listing.ts';

/** Pages of a thousand keys that are listed. */
const mostPages = 5;
/** Objects that are opened for their reason. */
const mostOpened = 200;

interface Tagged extends ListedObject {
  tag: string;
}

/** Reads the newest objects of the quarantine. Keeps what it has read by key and ETag. */
export class QuarantineReader {
  readonly #clients: Pick<AwsClients, 's3'>;
  readonly #bucket: string;
  #read = new Map<string, QuarantinedRecord>();

  constructor(clients: Pick<AwsClients, 's3'>, bucket: string) {
    this.#clients = clients;
    this.#bucket = bucket;
  }

  /** Lists up to 5,000 objects and opens the newest 200. Throws the SDK's error. */
  async read(): Promise<QuarantineReading> {
    const { found, isAtLeast } = await this.#list();
    const newest = found.toSorted((a, b) => (a.modifiedAt < b.modifiedAt ? 1 : -1)).slice(0, mostOpened);
    const records = await atATime(8, newest, (object) => this.#open(object));
    const known = records.filter((record) => record !== undefined);
    this.#read = new Map(
      newest.flatMap(({ tag }, index) => {
        const record = records[index];
        return record === undefined ? [] : [[tag, record]];
      }),
    );
    return { objects: found.length, isAtLeast, newest: known };
  }

  async #list(): Promise<{ found: Tagged[]; isAtLeast: boolean }> {
    const found: Tagged[] = [];
    let token: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await this.#clients.s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: 'quarantine/',
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const object of answer.Contents ?? []) {
        found.push({ ...listedObject(object), tag: `${object.Key} ${object.ETag}` });
      }
      token = answer.NextContinuationToken;
      if (token === undefined) return { found, isAtLeast: false };
    }
    return { found, isAtLeast: true };
  }

  /** Undefined for one that has gone since it was listed. */
  async #open({ tag, ...object }: Tagged): Promise<QuarantinedRecord | undefined> {
    const known = this.#read.get(tag);
    if (known !== undefined) return known;
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: object.key });
    const answer = await unlessError(this.#clients.s3.send(command), 'NoSuchKey', 'NotFound');
    if (answer === undefined) return undefined;
    const parsed = parseJson((await answer.Body?.transformToString()) ?? '');
    const { reason, event_id, arrived_at } = isJsonObject(parsed) ? parsed : {};
    return {
      ...object,
      reason: typeof reason === 'string' ? reason : 'The object does not say.',
      eventId: typeof event_id === 'string' ? event_id : '',
      arrivedAt: typeof arrived_at === 'string' ? arrived_at : '',
    };
  }
}
