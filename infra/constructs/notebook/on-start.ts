import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import * as z from 'zod';

/** AWS: "NotebookInstanceLifecycleHook", Content; characters of base64. */
const maximumCharacters = 16_384;

const notebookSchema = z.looseObject({ metadata: z.looseObject({}) });

/**
 * The script that a notebook instance runs as root at each start, in base64: it puts the notebook where Jupyter opens,
 * unless it is there, and starts what stops the idle instance. Both are in the script itself, so that the instance
 * needs no way to a bucket. `workGroup` is the workgroup that the notebook asks.
 */
export function onStartScript(workGroup: string): string {
  const script = `#!/bin/bash
set -e
notebook=/home/ec2-user/SageMaker/results.ipynb
if [ ! -e "$notebook" ]; then
  base64 --decode <<< '${packed(notebookFor(workGroup))}' | gunzip > "$notebook"
  chown ec2-user:ec2-user "$notebook"
fi
base64 --decode <<< '${packed(readFileSync(new URL('../../notebook/stop_when_idle.py', import.meta.url)))}' | gunzip > /usr/local/bin/stop_when_idle.py
# Amazon Linux 2023 has no cron.
systemd-run --unit=stop-when-idle --property=Restart=always --property=RestartSec=60 --setenv=PATH="$PATH:/usr/local/bin:/home/ec2-user/anaconda3/bin" python3 /usr/local/bin/stop_when_idle.py
`;
  const encoded = Buffer.from(script).toString('base64');
  if (encoded.length > maximumCharacters) {
    throw new Error(
      `The start script of the notebook instance has ${encoded.length} characters in base64, and SageMaker takes ${maximumCharacters}. Make notebooks/results.ipynb shorter.`,
    );
  }
  return encoded;
}

/** The notebook for a notebook instance, whose kernels have names of their own. */
function notebookFor(workGroup: string): string {
  const text = readFileSync(new URL('../../../notebooks/results.ipynb', import.meta.url), 'utf8');
  const { metadata, ...notebook } = notebookSchema.parse(JSON.parse(text.replaceAll('TweetLake', workGroup)));
  const kernelspec = { name: 'conda_python3', display_name: 'conda_python3', language: 'python' };
  return JSON.stringify({ ...notebook, metadata: { ...metadata, kernelspec } });
}

function packed(content: string | Buffer): string {
  return gzipSync(content, { level: 9 }).toString('base64');
}
