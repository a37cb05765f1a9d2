import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { type Command, Option } from 'commander';
import { faultsHelp } from '../faults/help.ts';
import { parseHost, parseOrigin } from './origins.ts';
import { parseResourceType } from './resource-types.ts';

/** The values of the options that any runtime has, whatever app it runs. */
export interface RuntimeFlags {
  port?: number;
  allowOrigin: string[];
  allowHost: string[];
  data: string;
  fresh?: true;
  ignoreUnsupported: string[];
  watch?: true;
  streamMegabytes: number;
  faults?: string;
  /** True: the built-in table; text: a file with changes to it. */
  likeAws?: true | string;
  slowMotion: number;
  /** Whether the policies of roles decide their calls. */
  roles: 'enforce' | 'off';
}

/** Adds the options that any runtime has. `dataFolder` is the default of `--data`. */
export function addRuntimeOptions(command: Command, { dataFolder }: { dataFolder: string }): Command {
  return command
    .option(
      '--port <number>',
      'port on 127.0.0.1; 0 takes any (default: 4566, or any if that is taken)',
      integer(0, 65_535),
    )
    .option(
      '--allow-origin <origin>',
      'let web pages of this origin call the endpoint (default: none may); may be repeated',
      parseOrigin,
      [],
    )
    .option(
      '--allow-host <host[:port]>',
      'another name of the endpoint, such as that of a forwarded port (default: loopback names with its own port); ' +
        'may be repeated',
      parseHost,
      [],
    )
    .option('--data <folder>', 'where everything is kept that survives a restart', dataFolder)
    .option('--fresh', 'start empty: delete what the data folder holds')
    .option('--watch', 'deploy each saved change of the app to the running stacks')
    .option(
      '--ignore-unsupported <type>',
      'do not create resources of this type, such as AWS::ECS::Cluster, which the runtime does not support; ' +
        'references to them give placeholders; may be repeated',
      parseResourceType,
      [],
    )
    .option(
      '--stream-megabytes <number>',
      'disk that a Kinesis stream may take; above it, records that every pipe is done with go before their retention',
      integer(1, 1_000_000),
      256,
    )
    .option('--faults <spec>', 'make calls, batches and functions fail on purpose (see below)')
    .option(
      '--like-aws [file]',
      "calls as slow as on AWS, and DynamoDB's and Kinesis's limits on one item and one shard; " +
        'a JSON file changes the figures (docs/like-aws.md)',
    )
    .option(
      '--slow-motion <factor>',
      "stretch all waits and latencies by this factor, so that this machine's own time weighs less (docs/like-aws.md)",
      decimal(1, 1_000),
      1,
    )
    .addOption(
      new Option('--roles <mode>', "whether a call is decided by its role's policies, as on AWS (docs/roles.md)")
        .choices(['enforce', 'off'])
        .default('enforce'),
    )
    .addHelpText('after', `\n${faultsHelp}`);
}
