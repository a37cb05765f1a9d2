import { join } from 'node:path';

/** The folder of the CDK app, with `cdk.json`. Absolute. */
export const PROJECT_FOLDER = join(import.meta.dirname, '../../..');

/** Where assemblies of the app are kept while its files stay as they are. Absolute. Anybody may delete it. */
export const ASSEMBLY_CACHE_FOLDER = join(PROJECT_FOLDER, 'node_modules/.cache/tweet-pipes/assemblies');

/** The app, for `synthesize`. It depends on the files of its folder alone. */
export const PROJECT_APP = { appFolder: PROJECT_FOLDER, cacheFolder: ASSEMBLY_CACHE_FOLDER };
