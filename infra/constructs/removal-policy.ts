import { RemovalPolicy } from 'aws-cdk-lib';

import type { Config } from '../config.ts';

/** The policy of resources that hold data, from the option `removal`. */
export function removalPolicy({ removal }: Pick<Config, 'removal'>): RemovalPolicy {
  return removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
