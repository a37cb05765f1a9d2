import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';

import { makeProgram } from '../src/program.ts';
import { run } from '../src/run.ts';
import { fakeTerminal } from './fake-terminal.ts';

/** Answers every call as CloudFormation does for a stack that is not there, or for one without our outputs. */
let endpoint: Server;
let url: string;
beforeAll(async () => {
  endpoint = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const isThere = body.includes('StackName=Bare');
      response.writeHead(isThere ? 200 : 400, { 'content-type': 'text/xml' });
      response.end(
        isThere
          ? '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Bare</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>'
          : '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id X does not exist</Message></Error></ErrorResponse>',
      );
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => endpoint.close(resolve)));

async function attempt(args: string[], env: Record<string, string> = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }) {
  const terminal = fakeTerminal(env);
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

describe('the command line', () => {
  it('explains itself: each command has a description and examples in its help, which goes to standard output', async () => {
    for (const command of everyCommand(await makeProgram(fakeTerminal()))) {
      const path: string[] = [];
      for (let at: Command | null = command; at?.parent; at = at.parent) path.unshift(at.name());
      const { exitCode, out, err } = await attempt([...path, '--help']);
      expect([path, exitCode, err]).toEqual([path, 0, '']);
      expect(command.description()).not.toBe('');
      expect(out).toMatch(/Usage: tweet-pipes/);
      expect(out).toMatch(/Examples?:\n/);
      expect(out.replaceAll(/\s+/g, ' ')).not.toMatch(/default: (?:null|\[\]|\{\})/);
    }
  });

  it('has the called command alone, and every command where options or nothing come first', async () => {
    const names = async (args: string[]) =>
      (await makeProgram(fakeTerminal(), args)).commands.map((each) => each.name());
    expect(await names(['top', '-n', '3'])).toEqual(['top']);
    const all = await names([]);
    expect(all).toContain('start');
    expect(await names(['--stack', 'local', 'top'])).toEqual(all);
    expect(await names(['toString'])).toEqual(all);
  });

  it('says what top costs, and what the exit codes mean', async () => {
    expect((await attempt(['top', '--help'])).out).toContain(
      'It reads the whole table of hashtags, a page of a megabyte at a time',
    );
    expect((await attempt(['--help'])).out).toContain('Exit codes: 0 all done, 1 could not start, 2 started but');
    expect((await attempt(['--version'])).out).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each([
    [['prodce'], "unknown command 'prodce'\n(Did you mean produce?)"],
    [['produce', 'mastodon'], "unknown command 'mastodon'"],
    [['produce', 'twitter'], 'give at least one keyword'],
    [['produce', 'twitter', 'cats', '--price-per-read', 'free'], 'It must be a number from 0 to 1000.'],
    [['top', '--bogus'], "unknown option '--bogus'"],
    [['start', '--recods', '5'], '(Did you mean --records?)'],
    [['top', '-n', '0'], 'It must be an integer from 1 to 10000.'],
    [['top', '-n', '1e3'], 'It must be an integer from 1 to 10000.'],
    [['verify', '--timeout', 'soon'], 'It must be an integer from 10 to 7200.'],
    [['start', '--seed', '4294967296'], 'It must be an integer from 0 to 4294967295.'],
    [['local', '--stacks', 'TweetPipes,'], 'It must be names of stacks, such as TweetPipes,TweetLake.'],
    [['local', '--port', '65536'], 'It must be an integer from 0 to 65535.'],
    [['local', '-c', 'shards'], 'It must have the form key=value, such as tweetPipes:shards=4.'],
    [['local', '-c', 'shards=2'], 'Options of the stack begin with tweetPipes:, so write tweetPipes:shards=2.'],
    [['top', 'ten'], 'too many arguments'],
    [['delete'], "missing required argument 'id'"],
    [['delete', '1'.repeat(65)], 'A tweet id has 1 to 64 characters.'],
    [['produce', 'file'], "missing required argument 'path'"],
    [['produce', 'sample', '--rate', '0'], 'It must be a number from 0.01 to 1000000.'],
    [['produce', 'generate', '--loop'], "unknown option '--loop'"],
    [['produce', 'generate', '--skew', '1,2'], 'It must be a number from 0 to 5.'],
    [['logs', '-n', '3', '--follow'], "option '-n <number>' cannot be used with option '-f, --follow'"],
    [['tail', '-n', '0'], 'It must be an integer from 1 to 10000.'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, out, err } = await attempt(args);
    expect(err).toContain(message);
    expect(err).toContain('--help shows what there is');
    expect([exitCode, out]).toEqual([1, '']);
  });

  it('prints its help and fails when it is told nothing', async () => {
    const { exitCode, err } = await attempt([]);
    expect(exitCode).toBe(1);
    expect(err).toContain('Usage: tweet-pipes');
  });

  it.each([[['top']], [['outputs']], [['delete', '1']], [['produce', 'sample']], [['verify']]])(
    '%j says where nothing answers and how to start something there',
    async (args) => {
      const { exitCode, out, err } = await attempt(args);
      expect([exitCode, out]).toEqual([1, '']);
      expect(err).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:1 \(AWS_ENDPOINT_URL\): .*ECONNREFUSED/);
      expect(err).toContain(
        'start the runtime with `npx tweet-pipes local`, then\n  export AWS_ENDPOINT_URL=http://127.0.0.1:4566',
      );
      expect(err).not.toMatch(/\n\s+at /);
    },
  );

  it('refuses an endpoint that is no URL', async () => {
    expect(await attempt(['top'], { AWS_ENDPOINT_URL: 'localhost:4566' })).toMatchObject({
      exitCode: 1,
      err: 'AWS_ENDPOINT_URL is "localhost:4566", but must be a URL such as http://127.0.0.1:4566.',
    });
  });

  it('says which stack is missing, and which outputs', async () => {
    const missing = await attempt(['top', '--stack', 'Elsewhere'], { AWS_ENDPOINT_URL: url });
    expect(missing).toMatchObject({ exitCode: 1, out: '' });
    expect(missing.err).toMatch(/^There is no stack Elsewhere here\. .* --stack <name>/);
    expect(missing.err).toContain('On this machine: deploy it with `npx cdk deploy TweetPipes`, or start the runtime');
    const bare = await attempt(['--stack', 'Bare', 'top'], { AWS_ENDPOINT_URL: url });
    expect(bare).toMatchObject({ exitCode: 1, out: '' });
    expect(bare.err).toMatch(
      /^The stack Bare \(CREATE_COMPLETE\) lacks the outputs TweetStreamName, .*WorkflowArn: it is not a tweet-pipes stack/,
    );
  });

  it('tells in the help of produce all that is needed to use it', async () => {
    const { out } = await attempt(['produce', '--help']);
    for (const source of ['sample', 'file', 'text', 'generate', 'twitter'])
      expect(out).toContain(`  ${source} [options]`);
    for (const control of ['--rate', '--limit', '--duration', '--loop', '--linger', '--dry-run', '--json', '--quiet']) {
      expect(out).toContain(`${control} `);
    }
    expect(out).toMatch(/--raw .*--stream.*AWS_STREAM_NAME.*Ctrl-C.*Exit codes: 0 all sent/s);
  });

  it.each([
    [['produce', 'file', '-', '--loop'], 'Standard input (-) cannot be read again, so --loop needs files.'],
    [['produce', 'generate', '--languages', 'xx'], 'There is no language xx; there are en, es,'],
  ])('says why %j cannot be', async (args, message) => {
    const { exitCode, out, err } = await attempt(args);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  it('needs no stack for a dry run', async () => {
    const { exitCode, out, err } = await attempt(['produce', 'generate', '--limit', '20', '--dry-run', '--json'], {});
    expect([exitCode, out.split('\n').map((line) => typeof JSON.parse(line).partitionKey)]).toEqual([
      0,
      new Array(20).fill('string'),
    ]);
    expect(err).toMatch(/^20 records, [\d,]+ bytes with their keys; nothing was sent\.$/);
  });

  it('names a file that cannot be read before it looks for a stack', async () => {
    expect(await attempt(['produce', 'file', '/nowhere/tweets.jsonl'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'Cannot read /nowhere/tweets.jsonl: there is no such file.',
    });
  });

  it('refuses a port that is in use, when it was asked for', async () => {
    const port = String((endpoint.address() as AddressInfo).port);
    const { exitCode, err } = await attempt(['local', '--port', port, '--data', '/nowhere']);
    expect(exitCode).toBe(1);
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
  });
});
