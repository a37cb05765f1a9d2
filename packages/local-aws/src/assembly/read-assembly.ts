import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AssemblyError } from './errors.ts';
import { dependencyOrder } from './order.ts';
import { type Template, templateSchema } from './template.ts';

const STACK = 'aws:cloudformation:stack';

/** A folder or file that `cdk deploy` would upload to the bootstrap bucket, such as Lambda code. */
export interface Asset {
  /** Absolute. */
  path: string;
  /** `zip`: a folder that is uploaded as a zip file; `file`: uploaded unchanged. */
  packaging: 'zip' | 'file';
}

/** One stack of a synthesized CDK app. */
export interface Assembly {
  stackName: string;
  template: Template;
  /** Absolute path of the template. */
  templateFile: string;
  /** Assets by object key in the bootstrap bucket, as templates refer to them (`Code.S3Key`). */
  assets: ReadonlyMap<string, Asset>;
  /** Names of the stacks that `cdk deploy` deploys before it. */
  needs: readonly string[];
}

const artifactSchema = z.object({
  type: z.string(),
  properties: z
    .looseObject({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      file: z.string().optional(),
    })
    .optional(),
  dependencies: z.array(z.string()).optional(),
});
type Artifact = z.infer<typeof artifactSchema>;

const manifestSchema = z.object({ version: z.string(), artifacts: z.record(z.string(), artifactSchema) });

const assetManifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.enum(['zip', 'file']).default('file') }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * Reads one stack of a cloud assembly: the named one, else the one that needs no other. Throws {@link AssemblyError} as
 * {@link readStacks}, and also when the stack does not exist, or `stack` is undefined and several need no other.
 */
export async function readAssembly(folder: string, options: { stack?: string } = {}): Promise<Assembly> {
  const stacks = await readStacks(folder);
  if (options.stack !== undefined) {
    const [stack] = chooseStacks(stacks, [options.stack]);
    if (stack !== undefined) return stack;
  }
  const [stack, ...others] = stacks.filter(({ needs }) => needs.length === 0);
  if (stack !== undefined && others.length === 0) return stack;
  throw new AssemblyError(
    `The cloud assembly in ${resolve(folder)} holds several stacks (${namesOf(stacks)}). Name the one to read.`,
  );
}

/**
 * Reads the stacks of a cloud assembly, the folder that `cdk synth` writes, each after those that it needs. Throws
 * {@link AssemblyError}: the folder or its manifest is missing or not readable, it holds no stack, or two of one name.
 */
export async function readStacks(folder: string): Promise<Assembly[]> {
  if (!(await isFolder(folder))) {
    throw new AssemblyError(
      `There is no folder ${resolve(folder)}. Synthesize the app into it: npx cdk synth -o ${folder}`,
    );
  }
  const { artifacts } = await readJson(join(folder, 'manifest.json'), manifestSchema, folder);
  const names = new Map<string, string>();
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type !== STACK || properties?.templateFile === undefined) continue;
    const name = properties.stackName ?? id;
    if ([...names.values()].includes(name)) {
      throw new AssemblyError(`The cloud assembly in ${resolve(folder)} holds two stacks ${name}. Rename one of them.`);
    }
    names.set(id, name);
  }
  if (names.size === 0) throw new AssemblyError(`The cloud assembly in ${resolve(folder)} holds no stack.`);

  const stackIds = ({ dependencies = [] }: Artifact) => dependencies.filter((id) => names.has(id));
  const needs = new Map([...names.keys()].map((id) => [id, new Set(stackIds(artifacts[id] ?? { type: STACK }))]));
  const { order, cycles } = dependencyOrder(needs);
  const [cycle] = cycles;
  if (cycle !== undefined) {
    const path = cycle.map((id) => names.get(id)).join(' → ');
    throw new AssemblyError(`The stacks in ${resolve(folder)} depend on each other: ${path}.`);
  }
  const nameOf = (id: string) => names.get(id) ?? id;
  return Promise.all(
    order.map(async (id) => {
      const { properties, dependencies = [] } = artifacts[id] ?? { type: STACK };
      const templateFile = join(folder, properties?.templateFile ?? '');
      return {
        stackName: nameOf(id),
        template: await readJson(templateFile, templateSchema, folder),
        templateFile: resolve(templateFile),
        assets: await readAssets(
          dependencies.map((dependency) => artifacts[dependency]),
          folder,
        ),
        needs: [...(needs.get(id) ?? [])].map(nameOf),
      };
    }),
  );
}

/**
 * The named stacks of `stacks`, in the order of `stacks`; all of them without names. Throws {@link AssemblyError} for a
 * name that is not there, and for an empty list.
 */
export function chooseStacks(stacks: readonly Assembly[], names: readonly string[] | undefined): Assembly[] {
  if (names?.length === 0) throw new AssemblyError(`Choose at least one stack of the app: ${namesOf(stacks)}.`);
  const unknown = names?.filter((name) => !stacks.some(({ stackName }) => stackName === name)) ?? [];
  if (unknown.length > 0) {
    throw new AssemblyError(`The app has no stack ${unknown.join(', ')}. It has: ${namesOf(stacks)}.`);
  }
  return stacks.filter(({ stackName }) => names?.includes(stackName) ?? true);
}

function namesOf(stacks: readonly Assembly[]): string {
  return stacks.map(({ stackName }) => stackName).join(', ');
}

async function readAssets(artifacts: readonly (Artifact | undefined)[], folder: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const artifact of artifacts) {
    if (artifact?.type !== 'cdk:asset-manifest' || artifact.properties?.file === undefined) continue;
    const { files } = await readJson(join(folder, artifact.properties.file), assetManifestSchema, folder);
    for (const { source, destinations } of Object.values(files)) {
      // An asset without a path is built by a command during `cdk deploy` (`source.executable`).
      if (source.path === undefined) continue;
      const asset = { path: resolve(folder, source.path), packaging: source.packaging };
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, asset);
    }
  }
  return assets;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

async function readJson<T>(file: string, schema: z.ZodType<T>, folder: string): Promise<T> {
  const unusable = (why: string, cause: unknown) =>
    new AssemblyError(
      `${resolve(folder)} is not a cloud assembly: ${why}. Expected the folder that cdk synth writes (cdk.out).`,
      { cause },
    );
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw unusable(cause instanceof SyntaxError ? `${file} is not JSON` : `${file} cannot be read`, cause);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw unusable(`${file} has an unexpected form\n${z.prettifyError(parsed.error)}`, parsed.error);
  return parsed.data;
}
