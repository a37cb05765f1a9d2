// Imported by a CDK app before its own modules (see warm-app.ts). Loads the packages that the app needed last time, and
// holds the app until a line comes on standard input: from then on it runs with files as they are at that moment.
import { readFileSync, readSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sep } from 'node:path';

const { WARM_APP_MODULES: file = '', WARM_APP_NODE_OPTIONS: options = '' } = process.env;
delete process.env.WARM_APP_MODULES;
delete process.env.WARM_APP_NODE_OPTIONS;
// Programs that the app starts are none of it.
if (options === '') delete process.env.NODE_OPTIONS;
else process.env.NODE_OPTIONS = options;

const require = createRequire(import.meta.url);
for (const path of known()) {
  try {
    require(path);
  } catch {
    // Another version is installed by now. The app loads it itself.
  }
}
// The other end closes without a line when the app is not needed.
if (readLine() === 0) process.exit();
process.on('exit', () => {
  const packages = Object.keys(require.cache).filter((path) => path.includes(`${sep}node_modules${sep}`));
  writeFileSync(file, JSON.stringify(packages));
});

function known() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return []; // The first time.
  }
}

function readLine() {
  for (;;) {
    try {
      return readSync(0, Buffer.alloc(1));
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
