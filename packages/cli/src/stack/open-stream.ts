import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Command } from 'commander';
import type { TweetTable } from '../produce/pipe-lag.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { clientsFromEnvironment, connect } from './connect.ts';

/** A stream to write to. Its owner calls `close`. */
export interface OpenStream {
  client: KinesisClient;
  streamName: string;
  /** The table that the stream's tweets go to; unknown when only the stream was named. */
  tweetTable?: TweetTable;
  close(): void;
}

/**
 * Opens the stream of that name, else of `AWS_STREAM_NAME`, else of the stack that `--stack` names. The SDK makes one
 * attempt per call, because the writer counts and spaces attempts. Throws CliError when there is no such stream, else
 * what {@link ../explain.ts} explains.
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
    // A principal that may write need not be allowed to describe.
    if (!/AccessDenied/.test(code)) {
      close();
      if (code !== 'ResourceNotFoundException') throw error;
      const where = endpoint ?? 'this AWS account and region';
      throw new CliError(`There is no stream ${streamName} at ${where}; --stream or AWS_STREAM_NAME named it.`);
    }
  }
  return { client: clients.kinesis, streamName, close };
}
