import { expect, it } from '@jest/globals';
import { briefNodeError } from '../../src/assembly/brief-node-error.ts';

/** Printed by Node.js 24.21.0. */
const cases: [string, string, string][] = [
  [
    'a file that is no TypeScript',
    `node:internal/modules/run_main:107
    triggerUncaughtException(
    ^

/app/infra/a.ts:1
const a: number = ;
                  ^

SyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Expression expected
    at parseTypeScript (node:internal/modules/typescript:72:36)
    at Object.getFileProtocolModuleFormat [as file:] (node:internal/modules/esm/get_format:206:26)
    at #loadSync (node:internal/modules/esm/loader:838:53) {
  code: 'ERR_INVALID_TYPESCRIPT_SYNTAX'
}

Node.js v24.21.0`,
    `/app/infra/a.ts:1
const a: number = ;
                  ^

SyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Expression expected`,
  ],
  [
    'a file that is missing',
    `node:internal/modules/esm/resolve:272
    throw new ERR_MODULE_NOT_FOUND(
          ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/app/nowhere.ts' imported from /app/d.ts
    at finalizeResolution (node:internal/modules/esm/resolve:272:11) {
  code: 'ERR_MODULE_NOT_FOUND',
  url: 'file:///app/nowhere.ts'
}

Node.js v24.21.0`,
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/app/nowhere.ts' imported from /app/d.ts",
  ],
  [
    'an error that a package throws, with a cause',
    `/app/node_modules/aws-cdk-lib/core/lib/errors.js:1
"use strict";var x=1;throw new Error()
                     ^

ValidationError: There is already a Construct with name 'A'
See the docs.
    at Stack.addChild (/app/node_modules/constructs/src/construct.ts:461:13)
    at f (file:///app/c.ts:1:21)
    at file:///app/c.ts:2:1
    ... 5 lines matching cause stack trace ...
    at node:internal/main/run_main_module:33:47 {
  [cause]: Error: inner
      at g (file:///app/c.ts:3:1)
      at h (file:///app/c.ts:4:1)
      at Module._compile (node:internal/modules/cjs/loader:1929:14)
}

Node.js v24.21.0`,
    `ValidationError: There is already a Construct with name 'A'
See the docs.
    at f (file:///app/c.ts:1:21)
    at file:///app/c.ts:2:1
  [cause]: Error: inner
      at g (file:///app/c.ts:3:1)`,
  ],
  [
    'a text of the app',
    'There is no option colour.\n  Look at a page.',
    'There is no option colour.\n  Look at a page.',
  ],
];

it.each(cases)('shortens %s to what names file, line and message', (_name, printed, expected) => {
  expect(briefNodeError(printed)).toBe(expected);
});
