import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService } from '../gateway/local-service.ts';

const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

/** The session's name and the other members change nothing: signatures and permissions are not checked. */
const assumeRoleInput = z.looseObject({
  RoleArn: z.string().regex(ROLE, 'is not the ARN of a role'),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must have 2 to 64 characters of A-Z a-z 0-9 _ + = , . @ -'),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
});

/**
 * STS as far as every tool asks it: who am I, and a role for the CDK. Nobody is checked: each key is the account's
 * administrator, so the keys of a role are worth as much as any.
 */
export function createStsService(clock: Pick<Clock, 'now'>): LocalService {
  return {
    signingName: 'sts',
    operations: {
      /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, of a role that need not exist. */
      AssumeRole: async (input, { accountId }) => {
        const parsed = assumeRoleInput.safeParse(input);
        if (!parsed.success) throw new AwsError('ValidationError', z.prettifyError(parsed.error));
        const { RoleArn, RoleSessionName, DurationSeconds } = parsed.data;
        const name = ROLE.exec(RoleArn)?.[1];
        return {
          Credentials: {
            AccessKeyId: 'local',
            SecretAccessKey: 'local',
            SessionToken: 'local',
            Expiration: new Date(clock.now() + DurationSeconds * 1000),
          },
          AssumedRoleUser: {
            AssumedRoleId: `local:${RoleSessionName}`,
            Arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${RoleSessionName}`,
          },
        };
      },

      /**
       * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: the root of the local account,
       * since keys are dummies.
       */
      GetCallerIdentity: async (_input, { accountId }) => ({
        UserId: accountId,
        Account: accountId,
        Arn: `arn:aws:iam::${accountId}:root`,
      }),
    },
  };
}
