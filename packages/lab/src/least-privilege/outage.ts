import type { Intercept } from '@tweet-pipes/local-aws';
import { AwsError } from '@tweet-pipes/local-aws/gateway/aws-error';
import { ConnectionCut } from '@tweet-pipes/local-aws/gateway/connection-cut';

/** Calls of the stacks that fail while it lasts. */
export class Outage {
  #calls: readonly RegExp[] = [];
  #losing: RegExp | undefined;

  /** Loses the answer of the next call: it has its effect, and is made again. */
  loseNextAnswer(call: RegExp): void {
    this.#losing = call;
  }

  /** `calls` are of names such as `lambda.Invoke`. */
  begin(...calls: RegExp[]): void {
    this.#calls = calls;
  }

  end(): void {
    this.#calls = [];
  }

  readonly intercept: Intercept = async (call, forward) => {
    const name = `${call.service}.${call.operation}`;
    const isOfStacks = call.context.accessKeyId.startsWith('worker');
    if (isOfStacks && this.#calls.some((each) => each.test(name))) {
      // A service that does not answer would be tried again without end. This is given up.
      throw new AwsError('ValidationException', `${name} fails on purpose.`, { statusCode: 400 });
    }
    const response = await forward();
    if (!isOfStacks || this.#losing?.test(name) !== true || response.statusCode !== 200) return response;
    this.#losing = undefined;
    throw new ConnectionCut();
  };
}
