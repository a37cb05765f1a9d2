import { ListShardsCommand, type Shard } from '@aws-sdk/client-kinesis';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** All shards of a stream, closed ones too, in the order of their creation. */
export async function listShards({ kinesis }: AwsClients, streamName: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const page = await kinesis.send(
      new ListShardsCommand(token === undefined ? { StreamName: streamName } : { NextToken: token }),
    );
    shards.push(...(page.Shards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return shards;
}
