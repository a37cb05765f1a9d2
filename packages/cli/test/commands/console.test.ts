import { expect, it } from '@jest/globals';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

it.each([
  [['console'], 'AWS_ENDPOINT_URL is not set. For a stack that is deployed to AWS add --aws'],
  [['console', '--port', '70000'], '--port'],
])('%j says what is wrong and what to do', async (args, message) => {
  const terminal = fakeTerminal();
  expect(await run(args, terminal)).toBe(1);
  expect(terminal.complaints()).toContain(message);
});

it('does not call an endpoint AWS', async () => {
  const terminal = fakeTerminal({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });
  expect(await run(['console', '--aws', '--port', '0'], terminal)).toBe(1);
  expect(terminal.complaints()).toContain(
    'AWS_ENDPOINT_URL is http://127.0.0.1:4566, which is not AWS. Unset it to look at AWS, or leave --aws out to look there.',
  );
});

it('says that nothing answers', async () => {
  const terminal = fakeTerminal({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  expect(await run(['console', '--port', '0'], terminal)).toBe(1);
  expect(terminal.complaints()).toContain('Nothing answers at http://127.0.0.1:9 (AWS_ENDPOINT_URL)');
});
