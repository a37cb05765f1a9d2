import type { LocalService } from '../gateway/local-service.ts';

/** STS as far as every tool asks it: who am I. Nothing is assumed, no token is issued. */
export function createStsService(): LocalService {
  return {
    signingName: 'sts',
    operations: {
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
