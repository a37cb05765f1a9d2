import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { EngineError } from './engine.ts';

/**
 * The path of the dynoxide program: from the optional npm package for this platform, else from `PATH`. Throws
 * {@link EngineError} with instructions when neither has it.
 */
export function findDynoxide(
  environment: NodeJS.ProcessEnv = process.env,
  packageName = `@dynoxide/${process.platform}-${process.arch}`,
): string {
  const candidates = [
    packagedBinary(packageName),
    ...(environment.PATH ?? '').split(delimiter).map((folder) => folder !== '' && join(folder, 'dynoxide')),
  ];
  for (const candidate of candidates) if (candidate && isExecutable(candidate)) return candidate;
  throw new EngineError(
    `No DynamoDB engine for ${process.platform}-${process.arch}: neither the npm package ${packageName} nor a program named dynoxide on PATH was found. ` +
      'Put dynoxide on PATH (https://github.com/nubo-db/dynoxide), or set DYNAMODB_ENDPOINT to a DynamoDB-compatible server such as http://127.0.0.1:8000.',
  );
}

function packagedBinary(packageName: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), 'dynoxide');
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
