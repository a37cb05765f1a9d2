import { KinesisServiceException, ListShardsCommand, type ListShardsCommandInput } from '@aws-sdk/client-kinesis';
import type { Integration } from './integration.ts';
import { sdkAnswer } from './sdk-json.ts';
import { taskError } from './service-errors.ts';

/** Without StreamCreationTimestamp: timestamps as arguments are not supported. */
const LIST_SHARDS = [
  'StreamName',
  'StreamARN',
  'NextToken',
  'ExclusiveStartShardId',
  'MaxResults',
  'ShardFilter',
] satisfies (keyof ListShardsCommandInput)[];

export const kinesisIntegrations: readonly Integration[] = [
  {
    resource: 'arn:aws:states:::aws-sdk:kinesis:listShards',
    resourceType: 'aws-sdk:kinesis',
    action: 'listShards',
    argumentNames: new Set(LIST_SHARDS),
    async call(clients, input, abortSignal) {
      try {
        return sdkAnswer(
          await clients.kinesis.send(new ListShardsCommand(input as ListShardsCommandInput), { abortSignal }),
        );
      } catch (error) {
        throw taskError(
          error,
          { prefix: 'Kinesis', unmodelled: 'KinesisException', service: 'Kinesis', sdk: 'java-2' },
          KinesisServiceException,
        );
      }
    },
  },
];
