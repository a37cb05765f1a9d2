import { chooseStacks, readStacks } from '@tweet-pipes/local-aws/assembly/read-assembly';
import type { Template } from '@tweet-pipes/local-aws/assembly/template';

/**
 * Reads the templates of stacks of a cloud assembly, by their names; without names, of all stacks. Throws AssemblyError
 * for one that is not there.
 */
export async function readTemplates(folder: string, stacks?: readonly string[]): Promise<Record<string, Template>> {
  const chosen = chooseStacks(await readStacks(folder), stacks);
  return Object.fromEntries(chosen.map(({ stackName, template }) => [stackName, template]));
}
