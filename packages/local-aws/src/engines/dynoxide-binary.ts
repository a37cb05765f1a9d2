import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { EngineError } from './engine.ts';

/** The version of the npm package. Older ones lack options that we use; a later major version may change the file. */
const VERSION = [1, 2, 1] as const;
/** A program that does not answer in this time is not dynoxide. */
const ANSWER_LIMIT_MS = 10_000;

const REMEDY =
  'Install dynoxide 1.2.1 or a later 1.x (https://github.com/nubo-db/dynoxide: Homebrew, cargo install dynoxide-rs, or a release) ' +
  'and put it on PATH or name it in DYNOXIDE_BIN, or set DYNAMODB_ENDPOINT to a DynamoDB-compatible server with streams, such as http://127.0.0.1:8000 (docs/platforms.md).';

/**
 * The path of the dynoxide program: DYNOXIDE_BIN, else the optional npm package for this platform, else `dynoxide` on
 * `PATH`. A program that npm did not install is asked for its version. Throws {@link EngineError} with instructions
 * when there is none, or none of a suitable version.
 */
export function findDynoxide(
  environment: NodeJS.ProcessEnv = process.env,
  packageName = `@dynoxide/${process.platform}-${process.arch}`,
): string {
  const named = environment.DYNOXIDE_BIN;
  if (named !== undefined && named !== '') return checked(named, 'DYNOXIDE_BIN');
  const packaged = packagedBinary(packageName);
  if (packaged !== undefined && isExecutable(packaged)) return packaged;
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, PROGRAM)).find(isExecutable);
  if (onPath !== undefined) return checked(onPath, 'PATH');
  throw new EngineError(
    `No DynamoDB engine for ${process.platform}-${process.arch}: neither the npm package ${packageName} nor a program named dynoxide on PATH was found. ${REMEDY}`,
  );
}

const PROGRAM = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';

function packagedBinary(packageName: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), PROGRAM);
  } catch {
    return undefined; // The optional dependency does not exist for this platform.
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checked(path: string, origin: string): string {
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: ANSWER_LIMIT_MS });
  const version = /^dynoxide (\d+)\.(\d+)\.(\d+)/
    .exec(stdout ?? '')
    ?.slice(1)
    .map(Number);
  if (version === undefined) {
    const why = error === undefined ? 'does not say "dynoxide <version>" when asked for its version' : error.message;
    throw new EngineError(`${path} (${origin}) cannot be used: ${why}. ${REMEDY}`, { cause: error });
  }
  if (isSuitable(version)) return path;
  throw new EngineError(`${path} (${origin}) is dynoxide ${version.join('.')}, which is not suitable. ${REMEDY}`);
}

function isSuitable([major = 0, minor = 0, patch = 0]: readonly number[]): boolean {
  if (major !== VERSION[0]) return false;
  return minor > VERSION[1] || (minor === VERSION[1] && patch >= VERSION[2]);
}
