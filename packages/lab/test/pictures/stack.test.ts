import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeTemplates } from '@tweet-pipes/cli/synthesize-template';
import { compareWithTemplate } from '../../src/pictures/architecture/compare.ts';
import { readTemplate, withoutHash } from '../../src/pictures/architecture/template.ts';
import { tweetLake } from '../../src/pictures/architecture/tweet-lake.ts';
import { tweetPipes } from '../../src/pictures/architecture/tweet-pipes.ts';
import { drawnContext, makePictures, type Pictures } from '../../src/pictures/make-pictures.ts';
import { findStale, writePictures } from '../../src/pictures/picture-files.ts';
import { readAsl } from '../../src/pictures/state-machine/asl.ts';
import { type StateGraph, stateGraph } from '../../src/pictures/state-machine/graph.ts';
import { layOutStates } from '../../src/pictures/state-machine/lay-out-states.ts';
import { layoutFaults } from './layout-faults.ts';
import { attributeValues } from './svg-content.ts';

const root = join(import.meta.dirname, '../../../..');
const command = join(root, 'packages/lab/src/pictures/pictures.ts');
const folder = mkdtempSync(join(tmpdir(), 'tweet-pipes-pictures-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

interface Stack {
  Resources: Record<string, Resource>;
}

let template: Stack;
let lakeTemplate: Stack;
let pictures: Pictures;
beforeAll(async () => {
  const stacks = JSON.parse(JSON.stringify(await synthesizeTemplates(drawnContext)));
  pictures = makePictures(stacks);
  ({ TweetPipes: template, TweetLake: lakeTemplate } = stacks);
});

/** The states of the only workflow of a stack. */
function workflowGraph({ Resources }: Stack): StateGraph {
  const machine = Object.values(Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  return stateGraph(readAsl(JSON.parse(String(machine?.Properties.DefinitionString))));
}

describe('the pictures of the stacks', () => {
  it('are current', async () => {
    expect(pictures.disagreements).toEqual([]);
    expect(await findStale(join(root, 'docs/pictures'), pictures.files)).toEqual([]);
  });

  it('are stale when they are missing, or one byte differs', async () => {
    const names = pictures.files.map(({ name }) => name);
    expect(await findStale(folder, pictures.files)).toEqual(names);
    await writePictures(folder, pictures.files);
    expect(await findStale(folder, pictures.files)).toEqual([]);
    const [first, ...others] = pictures.files.map((file) => ({ ...file, svg: `${file.svg} ` }));
    expect(await findStale(folder, first === undefined ? [] : [first, ...others])).toEqual(names);
  });

  it('are at most 1,000 units wide, so that a README shows them in full size', () => {
    const widths = pictures.files.map(({ svg }) => Number(attributeValues(svg, 'width')[0]));
    expect(widths.filter((width) => !(width > 600 && width <= 1000))).toEqual([]);
  });
});

describe.each([
  ['ingest', 30, () => template],
  ['sentiment', 10, () => lakeTemplate],
] as const)('the picture of the %s workflow', (name, leastStates, stack) => {
  it('has each state once, and all transitions', () => {
    const svg = pictures.files.find((file) => file.name === `${name}-workflow.svg`)?.svg ?? '';
    const graphs = allGraphs(workflowGraph(stack()));
    const paths = graphs.flatMap(({ nodes }) =>
      nodes.filter((node) => node.name !== '').map(({ path }) => path.join('/')),
    );
    expect(attributeValues(svg, 'data-state').toSorted()).toEqual(paths.toSorted());
    expect(paths.length).toBeGreaterThan(leastStates);
    const transitions = graphs.flatMap((scope) => scope.transitions);
    expect(attributeValues(svg, 'data-from')).toHaveLength(transitions.length);
  });

  it('has nothing over anything else', () => {
    expect(layoutFaults(layOutStates(workflowGraph(stack()), 1000))).toEqual([]);
  });
});

describe('compareWithTemplate', () => {
  const compare = (change: (resources: Record<string, Resource>) => void) => {
    const changed = structuredClone(template);
    change(changed.Resources);
    return compareWithTemplate(readTemplate(changed), tweetPipes);
  };
  const find = (resources: Record<string, Resource>, name: string) => {
    const id = Object.keys(resources).find((candidate) => withoutHash(candidate) === name) ?? '';
    return { id, properties: resources[id]?.Properties ?? {} };
  };

  it('names a resource that is gone', () => {
    const gone = compare((resources) => delete resources[find(resources, 'IngestDeadLetters').id]);
    expect(gone).toEqual(['The picture shows AWS::SQS::Queue IngestDeadLetters, which the template does not have.']);
  });

  it.each(['AWS::Pipes::Pipe', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::Lambda::Function'])(
    'names a new %s',
    (Type) => {
      const added = compare((resources) => {
        resources.Extra0123ABCD = { Type, Properties: {} };
      });
      expect(added).toEqual([`The template has ${Type} Extra, which the picture does not show.`]);
    },
  );

  it('asks about a type that it does not know', () => {
    const added = compare((resources) => {
      resources.Extra0123ABCD = { Type: 'AWS::Glue::Database', Properties: {} };
    });
    expect(added).toEqual([
      'The template has AWS::Glue::Database Extra. Draw it, or add its type to the supporting types.',
    ]);
  });

  it('names a connection that is gone', () => {
    const cut = compare((resources) => delete find(resources, 'TweetArchivePipe').properties.Enrichment);
    expect(cut).toEqual(['The picture connects TweetArchivePipe with FlattenRemovalsFunction; the template does not.']);
  });

  it('names a new connection', () => {
    const added = compare((resources) => {
      const { id } = find(resources, 'TablesShards');
      find(resources, 'TweetArchivePipe').properties.Source = { 'Fn::GetAtt': [id, 'StreamArn'] };
    });
    expect(added).toContain(
      'In the template TweetArchivePipe refers to TablesShards, which the picture does not show.',
    );
  });
});

describe('compareWithTemplate, of what another stack exports', () => {
  it('names what is imported and not drawn, and what is drawn and not imported', () => {
    const changed: Stack = JSON.parse(
      JSON.stringify(lakeTemplate).replaceAll('TweetPipes-DeletionTableName', 'TweetPipes-ShardTableName'),
    );
    expect(compareWithTemplate(readTemplate(changed), tweetLake)).toEqual(
      expect.arrayContaining([
        'The picture shows Fn::ImportValue TweetPipes-DeletionTableName, which the template does not have.',
        'The template has Fn::ImportValue TweetPipes-ShardTableName, which the picture does not show.',
      ]),
    );
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      execFile(process.execPath, [command, ...args], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });

  it('teaches with --help', async () => {
    const { code, output } = await run('--help');
    expect([code, output]).toEqual([0, expect.stringContaining('Exit codes: 0')]);
  });

  it('ends with 1 when it is not understood', async () => {
    const { code, output } = await run('--chek');
    expect([code, output]).toEqual([1, expect.stringContaining("unknown option '--chek'")]);
  });

  it('writes the pictures, and ends with 2 where they are stale', async () => {
    const pictureFolder = join(folder, 'written');
    const stale = await run('--check', '--folder', pictureFolder);
    expect([stale.code, stale.output]).toEqual([2, expect.stringContaining('architecture.svg is stale')]);
    expect((await run('--folder', pictureFolder)).code).toBe(0);
    const [first] = pictures.files;
    expect(readFileSync(join(pictureFolder, first?.name ?? ''), 'utf8')).toBe(first?.svg);
  });
});

function allGraphs(scope: StateGraph): StateGraph[] {
  return [scope, ...scope.nodes.flatMap(({ inner }) => inner.flatMap(allGraphs))];
}
