import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AssemblyError } from './errors.ts';
import { type Template, templateSchema } from './template.ts';

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
}

const manifestSchema = z.object({
  version: z.string(),
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
      dependencies: z.array(z.string()).optional(),
    }),
  ),
});

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
 * Reads a cloud assembly, the folder that `cdk synth` writes. `stack` names the stack when there are several; without
 * it, the one that depends on no other is taken. Throws {@link AssemblyError}: the folder or its manifest is missing or
 * not readable, the stack does not exist, or `stack` is undefined and several depend on no other.
 */
export async function readAssembly(folder: string, options: { stack?: string } = {}): Promise<Assembly> {
  if (!(await isFolder(folder))) {
    throw new AssemblyError(
      `There is no folder ${resolve(folder)}. Synthesize the app into it: npx cdk synth -o ${folder}`,
    );
  }
  const manifest = await readJson(join(folder, 'manifest.json'), manifestSchema, folder);
  const stacks = Object.entries(manifest.artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => ({ ...artifact, id, name: artifact.properties?.stackName ?? id }));
  const names = stacks.map((stack) => stack.name).join(', ');
  if (stacks.length === 0) throw new AssemblyError(`The cloud assembly in ${resolve(folder)} holds no stack.`);
  const ids = stacks.map(({ id }) => id);
  const independent = stacks.filter(({ dependencies = [] }) => !dependencies.some((id) => ids.includes(id)));
  if (options.stack === undefined && independent.length > 1) {
    throw new AssemblyError(
      `The cloud assembly in ${resolve(folder)} holds several stacks (${names}). Name the one to run.`,
    );
  }
  const stack = options.stack === undefined ? independent[0] : stacks.find(({ name }) => name === options.stack);
  const templateFile = stack?.properties?.templateFile;
  if (stack === undefined || templateFile === undefined) {
    throw new AssemblyError(
      `The cloud assembly in ${resolve(folder)} holds no stack ${options.stack}. It holds: ${names}`,
    );
  }

  const assets = new Map<string, Asset>();
  for (const id of stack.dependencies ?? []) {
    const artifact = manifest.artifacts[id];
    if (artifact?.type !== 'cdk:asset-manifest' || artifact.properties?.file === undefined) continue;
    const { files } = await readJson(join(folder, artifact.properties.file), assetManifestSchema, folder);
    for (const { source, destinations } of Object.values(files)) {
      // An asset without a path is built by a command during `cdk deploy` (`source.executable`).
      if (source.path === undefined) continue;
      const asset = { path: resolve(folder, source.path), packaging: source.packaging };
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, asset);
    }
  }
  return {
    stackName: stack.name,
    template: await readJson(join(folder, templateFile), templateSchema, folder),
    templateFile: resolve(folder, templateFile),
    assets,
  };
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
