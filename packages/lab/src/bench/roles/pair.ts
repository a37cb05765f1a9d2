import { join } from 'node:path';
import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { modes } from './modes.ts';

// Runs a runtime with roles enforced and one with roles off in this process, so that both run the same compiled code:
// two processes differ by more than the checks cost. Sends the endpoints by mode. Answers each message with the
// processor time of all its threads so far, in microseconds, after a garbage collection: what a round leaves behind
// counts to that round.
const [folder = '', shards = '1'] = process.argv.slice(2);
const runtimes: Runtime[] = [];
const endpoints: Record<string, string> = {};
for (const roles of modes) {
  const runtime = await startRuntime({
    dataFolder: join(folder, roles),
    appFolder: PROJECT_FOLDER,
    assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
    stacks: ['TweetPipes'],
    context: { 'tweetPipes:shards': Number(shards) },
    roles,
  });
  runtimes.push(runtime);
  endpoints[roles] = runtime.endpoint;
}
process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('disconnect', async () => {
  await Promise.all(runtimes.map((runtime) => runtime.stop()));
});
process.send?.(endpoints);
