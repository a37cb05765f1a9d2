import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { linkStacks } from '../../src/assembly/link-stacks.ts';
import { loadStacks } from '../../src/assembly/load-stacks.ts';
import type { Assembly } from '../../src/assembly/read-assembly.ts';
import { templateSchema } from '../../src/assembly/template.ts';
import { emptyAccess } from '../iam/empty-access.ts';

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

it('hands the values of exports on, and gives each stack pseudo parameters of its own', async () => {
  const id = { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'AWS::StackId' }] }] };
  const stacks = linkStacks(
    appOf({
      stacks: {
        Reader: {
          Outputs: {
            Read: {
              Value: { 'Fn::Sub': ['${Theirs} read by ${Own}', { Theirs: { 'Fn::ImportValue': 'N' }, Own: id }] },
            },
          },
        },
        Writer: { Outputs: { Written: { Value: id, Export: { Name: 'N' } } } },
      },
    }),
    { environment },
  );
  const clients: AwsClients = createClients({ endpoint: 'http://127.0.0.1:1' });
  const loaded = await loadStacks(stacks, {
    clients,
    access: emptyAccess(),
    clock: new ManualClock(),
    shardsPerOnDemandStream: 1,
  });
  clients.destroy();
  expect(loaded.map(({ stackName, outputs }) => [stackName, outputs])).toEqual([
    ['Writer', [{ key: 'Written', value: 'stack/Writer/local', exportName: 'N' }]],
    ['Reader', [{ key: 'Read', value: 'stack/Writer/local read by stack/Reader/local' }]],
  ]);
});
