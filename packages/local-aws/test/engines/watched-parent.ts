/**
 * A program for the test beside it: starts the DynamoDB engine as the runtime does, says where it listens, and waits to
 * be killed.
 */
import { findDynoxide } from '../../src/engines/dynoxide-binary.ts';
import { freePort } from '../../src/engines/free-port.ts';
import { startWatchedChild } from '../../src/engines/watched-child.ts';

const port = await freePort();
const child = startWatchedChild(findDynoxide(), ['serve', '--port', String(port)]);
await child.printed(`listening on http://127.0.0.1:${port}`);
process.stdout.write(`${port}\n`);
setInterval(() => {}, 60_000);
