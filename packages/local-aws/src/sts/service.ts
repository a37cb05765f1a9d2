import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import { createInputParser } from '../gateway/input-parser.ts';
import type { LocalService } from '../gateway/local-service.ts';
import type { AccessControl } from '../iam/access-control.ts';
import { callerOf, roleKey } from '../iam/caller.ts';
import { roleNameOf, sessionArn, uniqueId } from '../iam/role-names.ts';

const parse = createInputParser('ValidationError');

const DEFAULT_MAX_SESSION_SECONDS = 3_600;

const assumeRoleInput = z.looseObject({
  RoleArn: z.string(),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must have 2 to 64 characters of A-Z a-z 0-9 _ + = , . @ -'),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
  ExternalId: z.string().optional(),
});

/** What would narrow a session down. It is refused, since the session would be wider than asked for. */
const REFUSED = ['Policy', 'PolicyArns', 'Tags', 'TransitiveTagKeys', 'SerialNumber', 'TokenCode', 'SourceIdentity'];

/**
 * The roles of `cdk bootstrap`: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html. While an account has
 * none, the endpoint is as good as bootstrapped: they are the administrator's.
 */
const BOOTSTRAP_ROLE = /^cdk-[a-z0-9]+-(deploy|file-publishing|image-publishing|lookup)-role-\d{12}-[a-z0-9-]+$/;

/** STS as far as tools ask it: who am I, and sessions of roles. Sessions never expire. */
export function createStsService(options: { clock: Pick<Clock, 'now'>; access: AccessControl }): LocalService {
  const { clock, access } = options;
  return {
    signingName: 'sts',
    operations: {
      /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
      AssumeRole: async (input, { accountId, accessKeyId }) => {
        const { RoleArn, RoleSessionName, DurationSeconds, ExternalId } = parse(assumeRoleInput, input);
        const refused = REFUSED.find((member) => Object.hasOwn(input, member));
        if (refused !== undefined) {
          throw new AwsError('ValidationError', `${refused} is not supported by the local endpoint. Leave it out.`);
        }
        const name = roleNameOf(RoleArn);
        if (name === undefined) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
        const role = access.role(name);
        const isBootstrapRole = role === undefined && BOOTSTRAP_ROLE.test(name);
        if (!isBootstrapRole) {
          const decision = access.mayCallAssumeRole(callerOf(accessKeyId), RoleArn, {
            ...(ExternalId !== undefined && { 'sts:ExternalId': ExternalId }),
          });
          if (!decision.isAllowed) throw new AwsError('AccessDenied', decision.sentence, { statusCode: 403 });
        }
        if (DurationSeconds > (role?.maxSessionSeconds ?? DEFAULT_MAX_SESSION_SECONDS)) {
          const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
          throw new AwsError('ValidationError', message);
        }
        return {
          Credentials: {
            AccessKeyId: isBootstrapRole ? 'local' : roleKey(name, RoleSessionName, { isWorker: false }),
            SecretAccessKey: 'local',
            SessionToken: 'local',
            Expiration: new Date(clock.now() + DurationSeconds * 1000),
          },
          AssumedRoleUser: {
            AssumedRoleId: `${uniqueId('AROA', name)}:${RoleSessionName}`,
            Arn: sessionArn(accountId, name, RoleSessionName),
          },
        };
      },

      /**
       * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: the session of a role, else the
       * root of the local account, since keys are dummies.
       */
      GetCallerIdentity: async (_input, { accountId, accessKeyId }) => {
        const caller = callerOf(accessKeyId);
        if (caller.kind !== 'role') {
          return { UserId: accountId, Account: accountId, Arn: `arn:aws:iam::${accountId}:root` };
        }
        const { roleName, sessionName } = caller;
        return {
          UserId: `${uniqueId('AROA', roleName)}:${sessionName}`,
          Account: accountId,
          Arn: sessionArn(accountId, roleName, sessionName),
        };
      },
    },
  };
}
