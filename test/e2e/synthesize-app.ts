import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { appOf } from '@tweet-pipes/local-aws/local-app';

type Options = Readonly<Record<string, unknown>>;

/** Synthesizes the app as a runtime in this process does, so that both use one assembly. For runtimes in others. */
export function synthesizeApp(options: Options, outputFolder: string): Promise<void> {
  const app = appOf({ appFolder: PROJECT_FOLDER, context: contextOf(options) });
  return synthesize({ ...app, cacheFolder: ASSEMBLY_CACHE_FOLDER, outputFolder });
}

/** Options of the app with their prefix. */
export function contextOf(options: Options): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`tweetPipes:${name}`, value]));
}
