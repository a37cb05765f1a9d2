import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { AccessRequest, Decision } from './access-control.ts';

/** A session of a role, which a service takes to act for a resource. */
export interface WorkerSession {
  readonly roleArn: string;
  /** The service that takes the role: `pipes.amazonaws.com`. */
  readonly principal: string;
  /**
   * In the sentences of denied calls. AWS has random letters for most services; here it is the resource's name, so that
   * a sentence tells who asked.
   */
  readonly sessionName: string;
  /** The condition keys of the service's AssumeRole, which the role's trust policy may ask for. */
  readonly context: Readonly<Record<string, string>>;
}

/** The clients that act as a session. Throws AccessDenied if the role does not let the service take it. */
export type ClientsOfSession = (session: WorkerSession) => AwsClients;

/** Decides what a service does for a resource without a call, such as writing log lines. */
export type DecideForSession = (session: WorkerSession, request: AccessRequest) => Decision;

/** For services that are used alone. */
export const allowEverything: DecideForSession = () => ({ isAllowed: true });

/** The longest name of a session, https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const NAME_CHARACTERS = 64;

/** The session of a service that names the resource it acts for, against confused deputies. */
export function sessionFor(
  principal: string,
  roleArn: string,
  { name, arn }: { readonly name: string; readonly arn: string },
): WorkerSession {
  const accountId = arn.split(':')[4] ?? '';
  return {
    roleArn,
    principal,
    sessionName: name.slice(0, NAME_CHARACTERS),
    context: { 'aws:SourceArn': arn, 'aws:SourceAccount': accountId },
  };
}

/** The session of a function, whose name AWS documents: the function's own. */
export function functionSession({ role, name }: { readonly role: string; readonly name: string }): WorkerSession {
  return { roleArn: role, principal: 'lambda.amazonaws.com', sessionName: name.slice(0, NAME_CHARACTERS), context: {} };
}

/**
 * The session of a delivery stream. Firehose tells the account as the external id.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 */
export function deliverySession(roleArn: string, name: string): WorkerSession {
  const accountId = roleArn.split(':')[4] ?? '';
  return {
    roleArn,
    principal: 'firehose.amazonaws.com',
    sessionName: name.slice(0, NAME_CHARACTERS),
    context: { 'sts:ExternalId': accountId },
  };
}
