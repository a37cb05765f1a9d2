import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { z } from 'zod';
import { directTransport } from '../../src/gateway/direct-transport.ts';
import type { WireResponse } from '../../src/gateway/wire.ts';

const eventSchema = z.object({ records: z.array(z.object({ recordId: z.string(), data: z.string() })) });

/** What a function gets. */
export interface FunctionCall {
  /** As it came. */
  event: unknown;
  /** Its records, decoded. */
  records: { recordId: string; text: string }[];
}

/** Thrown by an answer: the function fails. */
export class FunctionFailure extends Error {}

/** Thrown by an answer: Lambda refuses the call with the error of this name. */
export class Refusal extends Error {}

/** A function in this process, behind Lambda's wire format. */
export class FakeFunction {
  readonly calls: FunctionCall[] = [];
  readonly client: LambdaClient;

  /** `answer` gives the payload, or throws {@link FunctionFailure} or {@link Refusal}. */
  constructor(answer: (call: FunctionCall, count: number) => unknown) {
    const transport = directTransport(async ({ body }) => {
      const event: unknown = JSON.parse(body.toString());
      const records = eventSchema.parse(event).records.map(({ recordId, data }) => ({
        recordId,
        text: Buffer.from(data, 'base64').toString(),
      }));
      this.calls.push({ event, records });
      try {
        return response(200, {}, (await answer({ event, records }, this.calls.length)) ?? null);
      } catch (error) {
        if (error instanceof FunctionFailure) return response(200, { 'x-amz-function-error': 'Unhandled' }, {});
        if (error instanceof Refusal) return response(429, { 'x-amzn-errortype': error.message }, {});
        throw error;
      }
    });
    this.client = createClients({ endpoint: 'http://127.0.0.1:1', transport, maxAttempts: 1 }).lambda;
  }
}

function response(statusCode: number, headers: Record<string, string>, body: unknown): WireResponse {
  return { statusCode, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** A record of an answer: the text in capitals. */
export function ok({ recordId, text }: { recordId: string; text: string }) {
  return { recordId, result: 'Ok', data: Buffer.from(text.toUpperCase()).toString('base64') };
}
