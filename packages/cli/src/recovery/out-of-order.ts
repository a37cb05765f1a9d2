import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { formatPosition } from '@tweet-pipes/kit/position';
import type { RecoveryContext } from './context.ts';
import type { EvidenceFile } from './evidence-file.ts';

const prefix = 'quarantine/out-of-order/';

/** Notes the positions of the out-of-order list. The keys of its objects have them, so no object is read. */
export async function readOutOfOrder({ clients, stack }: RecoveryContext, file: EvidenceFile): Promise<void> {
  const pages = paginateListObjectsV2({ client: clients.s3 }, { Bucket: stack.ArchiveBucketName, Prefix: prefix });
  for await (const { Contents = [] } of pages) {
    for (const { Key = '' } of Contents) {
      const [, shardId, sequence] = /^quarantine\/out-of-order\/([^/]+)\/(\d+)\.json$/.exec(Key) ?? [];
      if (shardId !== undefined && sequence !== undefined) file.add('out-of-order', formatPosition(shardId, sequence));
    }
  }
}
