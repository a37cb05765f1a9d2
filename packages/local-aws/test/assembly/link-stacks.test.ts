import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { linkStacks } from '../../src/assembly/link-stacks.ts';
import type { Assembly } from '../../src/assembly/read-assembly.ts';
import { templateSchema } from '../../src/assembly/template.ts';

const environment = {
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

interface Case {
  name: string;
  /** Templates by the name of the stack, in the order of the assembly. */
  stacks: Record<string, object>;
  needs?: Record<string, string[]>;
  chosen?: string[];
  expected?: string[];
  error?: string;
}
const cases: Case[] = JSON.parse(readFileSync(new URL('cases/stacks.json', import.meta.url), 'utf8'));

const appOf = ({ stacks, needs = {} }: Pick<Case, 'stacks' | 'needs'>): Assembly[] =>
  Object.entries(stacks).map(([stackName, template]) => ({
    stackName,
    template: templateSchema.parse({ Resources: {}, ...template }),
    templateFile: '',
    assets: new Map(),
    needs: needs[stackName] ?? [],
  }));

it.each(cases)('$name', ({ expected, error, chosen: stacks, ...rest }) => {
  const link = () => linkStacks(appOf(rest), { environment, stacks }).map(({ assembly }) => assembly.stackName);
  if (expected !== undefined) expect(link()).toEqual(expected);
  if (error !== undefined) expect(link).toThrow(expect.objectContaining({ name: 'AssemblyError', message: error }));
});
