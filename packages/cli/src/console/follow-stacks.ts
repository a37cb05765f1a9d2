import { defaultStacks } from '../options/stacks.ts';
import { findEach, listStacks } from '../stack/find-stack.ts';
import type { ConsoleContext } from './console-context.ts';
import { Kept } from './views/kept.ts';

/** The page asks many things at a time. */
const keeping = { keptMs: 1_000 };

/**
 * What the page looks at, with the stacks that stand now: the same context until one comes, changes or goes. The
 * project's stacks are the first. Rejects with the SDK's error when CloudFormation does not answer.
 */
export function followStacks(given: ConsoleContext): () => Promise<ConsoleContext> {
  const clients = given.statusClients ?? given.clients;
  let context = given;
  let known: string | undefined;
  const kept = new Kept(given.clock, keeping, async () => {
    const listed = await listStacks(clients);
    const versions = listed.map(({ version }) => version).join('\n');
    if (versions === known) return context;
    const names = listed.map(({ name }) => name).sort((a, b) => rank(a) - rank(b));
    context = { ...given, stacks: await findEach(clients, names) };
    known = versions;
    return context;
  });
  return () => kept.get();
}

function rank(name: string): number {
  const index = defaultStacks.indexOf(name);
  return index === -1 ? defaultStacks.length : index;
}
