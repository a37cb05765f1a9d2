import { expect, it } from '@jest/globals';
import { printPurposeOfQuarantine } from '../../src/sample/report.ts';
import { fakeTerminal } from '../fake-terminal.ts';

it.each([
  [93, 'The sample holds 93 records that cannot be used, on purpose: `status` and the page name them for 15 minutes.'],
  [1, 'The sample holds 1 record that cannot be used, on purpose: `status` and the page name it for 15 minutes.'],
  [0, ''],
])('%i records in quarantine are said to be there on purpose', (quarantined, line) => {
  const terminal = fakeTerminal();
  printPurposeOfQuarantine(terminal, { quarantined });
  expect(terminal.printed()).toBe(line);
});
