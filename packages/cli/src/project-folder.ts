import { join } from 'node:path';

/** The folder of the CDK app that these commands are for: where `cdk.json` and `infra/` are. Absolute. */
export const PROJECT_FOLDER = join(import.meta.dirname, '../../..');
