import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { withApiNames, withApiRecords } from './stream-names.ts';
import { streamPage } from './stream-page.ts';

/**
 * The operations whose answers contain a region: descriptions of tables and streams, and stream records. Answers with
 * items stay unchanged.
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

/** The region that an answer of the engine gives in its ARNs. Undefined for an answer without one. */
export function engineRegion(operation: string, body: Buffer): string | undefined {
  if (!NAMING_A_REGION.has(operation)) return undefined;
  return /"(?:TableArn|StreamArn|LatestStreamArn)":"arn:aws:dynamodb:([^:"]+)/.exec(body.toString('utf8'))?.[1];
}

/**
 * Corrects an answer of the engine: the endpoint's region in place of `dynoxide` or DynamoDB Local's `ddblocal`, the
 * API's names, and no `EndingSequenceNumber` on open shards, since on AWS only closed ones have it.
 *
 * The text is changed without parsing. `"TableArn":"arn:…` and `"awsRegion":"…` cannot occur inside a JSON string,
 * where quotes are escaped, nor as an attribute of an item, whose value is an object (`{"S": …}`).
 */
export function correctAnswer(operation: string, request: Buffer, body: Buffer, region: string): Buffer {
  if (!NAMING_A_REGION.has(operation)) return body;
  const text = body
    .toString('utf8')
    .replace(/"(\w*Arn|awsRegion)":"(arn:aws:\w+:)?(?:dynoxide|ddblocal)(?=[:"])/g, `"$1":"$2${region}`);
  if (operation === 'DescribeStream') return Buffer.from(pageOf(request, withApiNames(withoutOpenEnds(text))));
  if (operation === 'GetRecords') return Buffer.from(withApiRecords(withIdentity(text), request));
  return Buffer.from(text);
}

function pageOf(request: Buffer, text: string): string {
  const [input, answer] = [parseJson(request.toString('utf8')), parseJson(text)];
  return isJsonObject(input) && isJsonObject(answer) ? JSON.stringify(streamPage(input, answer)) : text;
}

/**
 * Restores the API's names in `userIdentity`, without which SDKs drop its members. The engine uses the names of Lambda
 * events. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Identity.html
 */
function withIdentity(text: string): string {
  return text.replace(/"userIdentity":\{("[^{}]*)\}/g, (_whole, members: string) => {
    const named = members.replace(/"type":/, '"Type":').replace(/"principalId":/, '"PrincipalId":');
    return `"userIdentity":{${named}}`;
  });
}

/**
 * Removes the ending sequence number that the engine gives its only, open shard: the greatest by text order (`"9"` of
 * 31 records).
 */
function withoutOpenEnds(text: string): string {
  const answer = parseJson(text);
  const stream = isJsonObject(answer) ? answer.StreamDescription : undefined;
  if (!isJsonObject(stream) || stream.StreamStatus !== 'ENABLED' || !Array.isArray(stream.Shards)) return text;
  const parents = new Set(stream.Shards.map((shard) => (isJsonObject(shard) ? shard.ParentShardId : undefined)));
  for (const shard of stream.Shards) {
    if (!isJsonObject(shard) || parents.has(shard.ShardId)) continue;
    if (isJsonObject(shard.SequenceNumberRange)) delete shard.SequenceNumberRange.EndingSequenceNumber;
  }
  return JSON.stringify(answer);
}
