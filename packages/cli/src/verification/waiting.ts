import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { localRuntimeAt } from '@tweet-pipes/local-aws/command-line/local-runtime';

/** Where a lake is. */
export interface LakePlace {
  clients: Pick<AwsClients, 'firehose'>;
  /** As text to print: the endpoint, or the AWS region. */
  endpoint: string;
}

/** How long rows take until they are in the lake, as a sentence. */
export async function waitingSentence(
  { clients, endpoint }: LakePlace,
  lake: string,
  deliveryStream: string,
): Promise<string> {
  if (/^https?:/.test(endpoint) && (await localRuntimeAt(endpoint)) !== undefined) {
    return `Waiting for ${lake}: the local runtime writes its rows within seconds, whatever lakeBufferSeconds says.`;
  }
  // Who verifies need not be allowed to describe the delivery stream.
  const described = await clients.firehose
    .send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream }))
    .catch(() => undefined);
  const [destination] = described?.DeliveryStreamDescription?.Destinations ?? [];
  const seconds = destination?.ExtendedS3DestinationDescription?.BufferingHints?.IntervalInSeconds;
  const most = seconds === undefined ? 'lakeBufferSeconds' : `${seconds} s (lakeBufferSeconds)`;
  return `Waiting for ${lake}: Firehose writes its rows after up to ${most}.`;
}
