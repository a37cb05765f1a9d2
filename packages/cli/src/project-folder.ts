import { join } from 'node:path';

/** The folder of the CDK app, with `cdk.json`. Absolute. */
export const PROJECT_FOLDER = join(import.meta.dirname, '../../..');
