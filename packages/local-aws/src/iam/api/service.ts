import type { LocalService } from '../../gateway/local-service.ts';
import { policyOperations } from './policy-operations.ts';
import { type IamOptions, roleOperations } from './role-operations.ts';
import { simulatePrincipalPolicy } from './simulate.ts';

/**
 * IAM's API for roles and policies. Users, groups and their keys do not exist here: any key of a user's is an
 * administrator's.
 */
export function createIamService(options: IamOptions): LocalService {
  return {
    signingName: 'iam',
    operations: {
      ...roleOperations(options),
      ...policyOperations(options),
      SimulatePrincipalPolicy: simulatePrincipalPolicy(options.access),
    },
  };
}
