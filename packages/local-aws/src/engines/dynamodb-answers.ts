import { isJsonObject } from '@tweet-pipes/kit/json';
import { withApiNames, withUniqueEventIds } from './stream-names.ts';

/**
 * The operations whose answers name a region: descriptions of tables and streams, and stream records. Items never pass
 * through here.
 */
const NAMING_A_REGION = new Set([
  'CreateTable',
  'DeleteTable',
  'DescribeTable',
  'UpdateTable',
  'ListStreams',
  'DescribeStream',
  'GetRecords',
]);

/**
 * Gives an answer of the engine the region of the endpoint, where dynoxide says `dynoxide` and DynamoDB Local
 * `ddblocal`, names as the API has them, and takes the `EndingSequenceNumber` from open shards, which only closed ones
 * have on AWS.
 *
 * The text is changed, not parsed: a member `"TableArn":"arn:…` or `"awsRegion":"…` cannot stand inside a JSON string,
 * where each quote has a backslash before it, nor be an attribute of an item, whose value is an object (`{"S": …}`).
 */
export function correctAnswer(operation: string, request: Buffer, body: Buffer, region: string): Buffer {
  if (!NAMING_A_REGION.has(operation)) return body;
  const text = body
    .toString('utf8')
    .replace(/"(\w*Arn|awsRegion)":"(arn:aws:\w+:)?(?:dynoxide|ddblocal)(?=[:"])/g, `"$1":"$2${region}`);
  if (operation === 'DescribeStream') return Buffer.from(withApiNames(withoutOpenEnds(text)));
  if (operation === 'GetRecords') return Buffer.from(withUniqueEventIds(withApiNames(withIdentity(text)), request));
  return Buffer.from(text);
}

/**
 * The API's names for who removed an item, without which an SDK drops them; the engine writes those of the Lambda
 * event. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Identity.html
 */
function withIdentity(text: string): string {
  return text.replace(/"userIdentity":\{("[^{}]*)\}/g, (_whole, members: string) => {
    const named = members.replace(/"type":/, '"Type":').replace(/"principalId":/, '"PrincipalId":');
    return `"userIdentity":{${named}}`;
  });
}

/** The engine gives its one shard, always open, the greatest number as text (`"9"` of 31 records). */
function withoutOpenEnds(text: string): string {
  const answer: unknown = JSON.parse(text);
  const stream = isJsonObject(answer) ? answer.StreamDescription : undefined;
  if (!isJsonObject(stream) || stream.StreamStatus !== 'ENABLED' || !Array.isArray(stream.Shards)) return text;
  const parents = new Set(stream.Shards.map((shard) => (isJsonObject(shard) ? shard.ParentShardId : undefined)));
  for (const shard of stream.Shards) {
    if (!isJsonObject(shard) || parents.has(shard.ShardId)) continue;
    if (isJsonObject(shard.SequenceNumberRange)) delete shard.SequenceNumberRange.EndingSequenceNumber;
  }
  return JSON.stringify(answer);
}
