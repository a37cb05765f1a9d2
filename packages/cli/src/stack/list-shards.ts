import { ListShardsCommand, type Shard } from '@aws-sdk/client-kinesis';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** Every shard that a stream still lists, open and closed. Throws the SDK's error. */
export async function listShards({ kinesis }: Pick<AwsClients, 'kinesis'>, StreamName: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await kinesis.send(new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }));
    shards.push(...(answer.Shards ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return shards;
}
