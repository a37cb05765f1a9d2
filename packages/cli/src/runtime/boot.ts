import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { Runtime } from '@tweet-pipes/local-aws';
import type { EarlySynthesis } from '@tweet-pipes/local-aws/assembly/early-synthesis';
import { ENVIRONMENT_WARNING, environmentLines } from '@tweet-pipes/local-aws/command-line/environment-lines';
import { type Booted, boot as bootRuntime } from '@tweet-pipes/local-aws/command-line/serve';
import type { ConsoleContext } from '../console/console-context.ts';
import { createConsole } from '../console/create-console.ts';
import { followStacks } from '../console/follow-stacks.ts';
import { createStatusClients } from '../console/status-clients.ts';
import type { RuntimeFlags } from '../options/runtime-options.ts';
import { PROJECT_APP } from '../project-folder.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { quarantineNotice } from './quarantine-notice.ts';

/** What `local` and `start` say about the runtime. */
export type BootFlags = RuntimeFlags & { empty?: true };

/** What has begun before the modules of the runtime were loaded. */
interface BegunStart {
  readonly startMs: number;
  /** Undefined for a runtime without an app. */
  readonly synthesis: EarlySynthesis | undefined;
}

/**
 * Synthesizes the app and runs its stacks; with `empty`, runs none. Throws CliError, exit code 1, with the runtime's
 * message when it cannot.
 */
export async function boot(flags: BootFlags, begun: BegunStart, terminal: Terminal): Promise<Booted> {
  let context: (() => Promise<ConsoleContext>) | undefined;
  const booted = await bootRuntime(
    flags,
    {
      ...(flags.empty && { empty: true }),
      appFolder: PROJECT_APP.appFolder,
      assemblyCacheFolder: PROJECT_APP.cacheFolder,
      context: flags.context,
      ...(begun.synthesis && { synthesis: begun.synthesis }),
      stacks: flags.stacks,
      pages: { '/_console': createConsole({ context: () => context?.(), log: terminal.err }) },
      random: terminal.random,
      intercept: quarantineNotice(terminal.err, terminal.clock),
    },
    terminal,
    begun.startMs,
  );
  context = followStacks(openConsole(booted, terminal));
  return booted;
}

function openConsole({ runtime, signal }: Booted, terminal: Terminal): ConsoleContext {
  const clients = createClients({ endpoint: runtime.endpoint, accessKeyId: 'console' });
  const statusClients = createStatusClients(runtime.endpoint);
  const close = () => {
    clients.destroy();
    statusClients.destroy();
  };
  signal.addEventListener('abort', close, { once: true });
  return {
    clients,
    statusClients,
    clock: terminal.clock,
    place: 'local',
    endpoint: runtime.endpoint,
    region: terminal.env.AWS_REGION || 'us-east-1',
    stacks: runtime.stacks,
  };
}

/** Prints what is inert on this machine, and the lines to paste into a shell. */
export function printBanner({ runtime }: Booted, terminal: Terminal, print: (line: string) => void): void {
  print('');
  if (runtime.stacks.length > 0) printInert(runtime, terminal, print);
  print(`Look inside: ${runtime.endpoint}/_console`);
  print('');
  print(terminal.bold('Use it from another shell, with any AWS SDK, boto3, the AWS CLI or npx tweet-pipes:'));
  for (const line of environmentLines(runtime.endpoint, terminal.env.AWS_REGION || undefined)) print(`  ${line}`);
  print(ENVIRONMENT_WARNING);
}

function printInert(runtime: Runtime, terminal: Terminal, print: (line: string) => void): void {
  print(terminal.bold('In the template, but inert on this machine (docs/feature-support.md says why):'));
  const columns = Math.min(110, (terminal.size?.columns ?? 112) - 2);
  for (const line of wrapped(inertByType(runtime.inert), columns)) print(`  ${line}`);
  const comprehend = runtime.inert.find(({ what }) => what.endsWith(' Comprehend'));
  if (comprehend !== undefined) print(`Comprehend: ${comprehend.reason}`);
  print(`Firehose writes after at most ${runtime.maxBufferIntervalSeconds} s here, whatever the stack says.`);
  print('');
}

/** `S3::Bucket (BucketEncryption, …)` for properties, `IAM::Role` for what is inert as a whole. */
function inertByType(inert: readonly { what: string }[]): string[] {
  const types = new Map<string, string[]>();
  for (const { what } of inert) {
    const [type = what, property] = what.replace(/^AWS::/, '').split(' ');
    types.set(type, [...(types.get(type) ?? []), ...(property === undefined ? [] : [property])]);
  }
  return [...types].map(([type, properties]) =>
    properties.length === 0 ? type : `${type} (${properties.join(', ')})`,
  );
}

function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines;
}
