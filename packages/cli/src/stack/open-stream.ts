import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { Command } from 'commander';

import { CliError } from '../cli-error.ts';
import type { TweetTable } from '../produce/pipe-lag.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { clientsFromEnvironment, connect } from './connect.ts';

/** A stream to write to. Whoever gets it calls `close` in the end. */
export interface OpenStream {
  client: KinesisClient;
  streamName: string;
  /** Where its tweets end; unknown when only the stream was named. */
  tweetTable?: TweetTable;
  close(): void;
}

/**
 * The stream of that name, else of `AWS_STREAM_NAME`, else the one of the program's `--stack`. The SDK makes one
 * attempt per call: the writer counts and spaces them itself. Throws CliError when there is no such stream, else what
 * {@link ../explain.ts} explains.
 */
export async function openStream(terminal: Terminal, command: Command, name?: string): Promise<OpenStream> {
  const streamName = name ?? (terminal.env.AWS_STREAM_NAME || undefined);
  if (streamName === undefined) {
    const { clients, outputs } = await connect(terminal, command, { maxAttempts: 1 });
    return {
      client: clients.kinesis,
      streamName: outputs.TweetStreamName,
      tweetTable: { client: clients.dynamodb, name: outputs.TweetTableName },
      close: () => clients.destroy(),
    };
  }
  const { clients, endpoint } = clientsFromEnvironment(terminal, { maxAttempts: 1 });
  const close = () => clients.destroy();
  try {
    await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: streamName }));
  } catch (error) {
    const code = error instanceof Error ? error.name : '';
    // Who may write need not be allowed to ask.
    if (!/AccessDenied/.test(code)) {
      close();
      if (code !== 'ResourceNotFoundException') throw error;
      const where = endpoint ?? 'this AWS account and region';
      throw new CliError(`There is no stream ${streamName} at ${where}; --stream or AWS_STREAM_NAME named it.`);
    }
  }
  return { client: clients.kinesis, streamName, close };
}
