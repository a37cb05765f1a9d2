import type { Json } from '@tweet-pipes/kit/json';
import { sentence } from '@tweet-pipes/kit/thrown';
import { type Element, elementName } from './element.ts';
import { DeliveryFailure, deliveryFailure } from './errors.ts';
import type { LogFields, MessageType } from './log.ts';
import type { Template } from './template/input-template.ts';
import type { TemplateInput } from './template/render.ts';
import { renderTemplate } from './template/render.ts';

/** Writes to the pipe's log under one execution's id. */
export type ExecutionLog = (type: MessageType, fields?: LogFields) => void;

export type StageName = 'ENRICHMENT' | 'TARGET';

/** Runs a stage and logs its start and failure. */
export async function stage<T>(name: StageName, log: ExecutionLog, work: () => Promise<T>): Promise<T> {
  log(`${name}_STAGE_ENTERED`);
  try {
    return await work();
  } catch (thrown) {
    log(`${name}_STAGE_FAILED`, { error: deliveryFailure(thrown, 'pipes') });
    throw thrown;
  }
}

/**
 * Renders the elements as JSON texts, each through the template if there is one. Throws {@link DeliveryFailure}, which
 * names the element, when a rendered template is not JSON.
 */
export function transform(
  name: StageName,
  elements: readonly Element[],
  template: Template | undefined,
  variables: TemplateInput['variables'],
  log: ExecutionLog,
): string[] {
  if (template === undefined) return elements.map(({ raw }) => JSON.stringify(raw));
  log(`${name}_TRANSFORMATION_STARTED`);
  const texts: string[] = [];
  try {
    for (const { raw, parsed } of elements) texts.push(renderTemplate(template, { raw, parsed, variables }));
    log(`${name}_TRANSFORMATION_SUCCEEDED`, { payload: () => `[${texts.join(',')}]` });
    return texts;
  } catch (cause) {
    const where = elementName(elements[texts.length]?.raw, texts.length + 1);
    const error = new DeliveryFailure('customer', 'InvalidTransformation', `${sentence(cause)} ${where}`, {
      service: 'pipes',
      cause,
    });
    log(`${name}_TRANSFORMATION_FAILED`, { error });
    throw error;
  }
}

/** Calls the enrichment or the target and logs request and response. */
export async function invoke<T extends Json | undefined>(
  name: StageName,
  request: () => string,
  log: ExecutionLog,
  call: () => Promise<T>,
): Promise<T> {
  log(`${name}_INVOCATION_STARTED`, { awsRequest: request });
  try {
    const answer = await call();
    log(`${name}_INVOCATION_SUCCEEDED`, answer === undefined ? {} : { awsResponse: () => JSON.stringify(answer) });
    return answer;
  } catch (thrown) {
    log(`${name}_INVOCATION_FAILED`, { error: deliveryFailure(thrown, 'pipes') });
    throw thrown;
  }
}
