import { RemovalPolicy } from 'aws-cdk-lib';

import type { Config } from '../config.ts';

/**
 * The policy of resources that hold data, and of their resource policies, from the option `removal`. What is retained
 * goes with a creation that failed, so that it bills nothing (AWS: "DeletionPolicy attribute", RetainExceptOnCreate).
 */
export function removalPolicy({ removal }: Pick<Config, 'removal'>): RemovalPolicy {
  return removal === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
