import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../child-environment.ts';

const root = join(import.meta.dirname, '../..');

/** A CDK app of other people, in a folder of its own, so that a test may change its files. */
export interface App {
  readonly folder: string;
  /** Runs the app as the CDK CLI does. Returns the folder of the cloud assembly. */
  synthesize(context?: Readonly<Record<string, string>>): Promise<string>;
  /** The folder of the cloud assembly that was synthesized last. */
  readonly assembly: string;
  remove(): Promise<void>;
}

/** Copies an app of `apps/`. */
export async function copyApp(name: string): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(join(import.meta.dirname, 'apps', name), folder, { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  let assemblies = 0;
  const assemblyFolder = () => join(folder, `cdk.out.${assemblies}`);
  return {
    folder,
    get assembly() {
      return assemblyFolder();
    },
    async synthesize(context = {}) {
      assemblies += 1;
      const assembly = assemblyFolder();
      // AWS's rules take longer than the rest of the synthesis, and the runtime does without them.
      const env = { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' };
      const { code, output } = await run([join(folder, 'app.ts')], { cwd: folder, env });
      if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
      return assembly;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** How a program ended, with all that it printed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Options of {@link cdk}. */
export interface CdkOptions {
  readonly endpoint: string;
  /** The CLI gets Ctrl-C when it prints this. */
  readonly interruptAt?: string;
}

/** Runs the CDK CLI of the project, unmodified, in the environment that the endpoint's banner prints. */
export async function cdk(args: readonly string[], { endpoint, interruptAt }: CdkOptions): Promise<Ended> {
  return run([join(root, 'node_modules/aws-cdk/bin/cdk'), '--no-notices', '--no-color', ...args], {
    cwd: tmpdir(),
    env: {
      AWS_ENDPOINT_URL: endpoint,
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      ...{ CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: '1', CI: 'true' },
    },
    ...(interruptAt !== undefined && { interruptAt }),
  });
}

interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly interruptAt?: string;
}

function run(args: readonly string[], { cwd, env, interruptAt }: RunOptions): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (interruptAt !== undefined && output.includes(interruptAt)) child.kill('SIGINT');
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}
