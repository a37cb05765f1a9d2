import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { AwsError } from '../../gateway/aws-error.ts';
import { parseQuery } from '../../gateway/protocols/query.ts';
import type { Call, Intercept } from '../../gateway/wire.ts';
import type { AccessControl } from '../access-control.ts';
import { compilePolicy } from '../policy-document.ts';
import { ONLY_POLICY, queueArn } from '../resource-owners.ts';
import type { UserMade } from '../user-made.ts';
import { documentOf } from './input.ts';

/** A call that changes the policy of a queue or a topic. `policy` is its text; empty: there is none any more. */
interface PolicyChange {
  readonly arn: string;
  readonly policy: string;
}

/**
 * Gives a queue or a topic the policy that its attribute `Policy` has. The policy ends with its resource.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html,
 * https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export function messagePolicies({ access, userMade }: { access: AccessControl; userMade: UserMade }): Intercept {
  return async (call, forward) => {
    const change = changeOf(call);
    if (change === undefined) return forward();
    const document = change.policy === '' ? undefined : checkedDocument(change.policy);
    const answer = await forward();
    if (answer.statusCode >= 300) return answer;
    if (document === undefined) access.deleteResourcePolicy(change.arn, ONLY_POLICY);
    else {
      access.putResourcePolicy(change.arn, { name: ONLY_POLICY, document });
      userMade.addResourcePolicy(change.arn, ONLY_POLICY);
      await userMade.save();
    }
    return answer;
  };
}

function changeOf(call: Call): PolicyChange | undefined {
  switch (`${call.service}.${call.operation}`) {
    case 'sqs.CreateQueue':
    case 'sqs.SetQueueAttributes':
    case 'sqs.DeleteQueue':
      return changeOfQueue(call);
    case 'sns.SetTopicAttributes':
    case 'sns.DeleteTopic':
      return changeOfTopic(call);
    default:
      return undefined;
  }
}

function changeOfQueue({ operation, request, context }: Call): PolicyChange | undefined {
  const input = parseJson(request.body.toString('utf8'));
  if (!isJsonObject(input)) return undefined;
  const name = input.QueueUrl ?? input.QueueName;
  const policy =
    operation === 'DeleteQueue' ? '' : isJsonObject(input.Attributes) ? input.Attributes.Policy : undefined;
  if (typeof name !== 'string' || typeof policy !== 'string') return undefined;
  return { arn: queueArn(name, { partition: 'aws', ...context }), policy };
}

function changeOfTopic({ operation, request }: Call): PolicyChange | undefined {
  const { TopicArn, AttributeName, AttributeValue = '' } = parseQuery(request).input;
  if (typeof TopicArn !== 'string' || typeof AttributeValue !== 'string') return undefined;
  if (operation === 'DeleteTopic') return { arn: TopicArn, policy: '' };
  return AttributeName === 'Policy' ? { arn: TopicArn, policy: AttributeValue } : undefined;
}

/** Both services have names of their own for a policy that is none; the message says what is wrong. */
function checkedDocument(text: string): JsonObject {
  try {
    const document = documentOf(text);
    compilePolicy(document, 'resource');
    return document;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter Policy. ${error.message}`, {
      cause: error,
    });
  }
}
