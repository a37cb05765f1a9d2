/** Runs the app until Ctrl-C: `npx node run.ts [data folder] [port]`. The data folder is `.local` beside this file. */
import { once } from 'node:events';
import { join } from 'node:path';
import { startRuntime } from '@tweet-pipes/local-aws';

const [dataFolder = join(import.meta.dirname, '.local'), port = '4566'] = process.argv.slice(2);
const runtime = await startRuntime({ appFolder: import.meta.dirname, dataFolder, port: Number(port) });
console.log(`${runtime.stackName} runs at ${runtime.endpoint}. Clients need this environment:

export AWS_ENDPOINT_URL=${runtime.endpoint}
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
export AWS_DISABLE_HOST_PREFIX_INJECTION=true
export STREAM=${runtime.outputs.StreamName} TABLE=${runtime.outputs.TableName}
`);
await once(process, 'SIGINT');
await runtime.stop();
