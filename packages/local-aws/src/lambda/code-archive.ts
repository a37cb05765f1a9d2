import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { unzipSync } from 'fflate';

import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const unzippedBytes = 262_144_000;

/**
 * Unpacks a deployment package into `folder` and deletes what was there. Throws InvalidParameterValueException if it is
 * not a zip file, is larger than 250 MB unpacked, or has a file name that leads out of the folder. The folder is
 * unchanged then. Throws the same for files that cannot be written.
 */
export async function unpackCode(zip: Uint8Array, folder: string): Promise<void> {
  const files = Object.entries(unzip(zip)).filter(([name]) => !name.endsWith('/'));
  if (files.length === 0) throw invalid('Uploaded file must be a non-empty zip');
  for (const [name] of files) {
    if (!isInside(name))
      throw invalid(`The name ${JSON.stringify(name)} in the zip file leads out of the function's folder`);
  }
  await rm(folder, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, { flag: 'wx' });
    } catch (cause) {
      throw invalid(
        `The file ${JSON.stringify(name)} of the zip file cannot be unpacked: ${cause instanceof Error ? cause.message : cause}`,
      );
    }
  }
}

function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  let total = 0;
  try {
    return unzipSync(zip, {
      filter: ({ originalSize }) => {
        total += originalSize;
        if (total > unzippedBytes) throw invalid(`Unzipped size must be smaller than ${unzippedBytes} bytes`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw invalid(`Could not unzip uploaded file. ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Whether a name is a plain relative path: not absolute, without `..`, backslashes, drive letters or null bytes.
 */
function isInside(name: string): boolean {
  return !/[\\:\0]/.test(name) && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
