import { RemovalPolicy } from 'aws-cdk-lib';

import type { Config } from '../config.ts';

/** What happens to data when its resource leaves the stack. */
export function removalPolicy({ removal }: Pick<Config, 'removal'>): RemovalPolicy {
  return removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
