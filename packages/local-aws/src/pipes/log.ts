import type { DeliveryFailure } from './errors.ts';

/** `LogConfiguration.Level`; each level includes those before it. */
export type LogLevel = 'OFF' | 'ERROR' | 'INFO' | 'TRACE';

const levelOf = {
  EXECUTION_FAILED: 'ERROR',
  EXECUTION_PARTIALLY_FAILED: 'ERROR',
  EXECUTION_THROTTLED: 'ERROR',
  EXECUTION_TIMEOUT: 'ERROR',
  ENRICHMENT_STAGE_FAILED: 'ERROR',
  ENRICHMENT_TRANSFORMATION_FAILED: 'ERROR',
  ENRICHMENT_INVOCATION_FAILED: 'ERROR',
  TARGET_STAGE_FAILED: 'ERROR',
  TARGET_STAGE_PARTIALLY_FAILED: 'ERROR',
  TARGET_TRANSFORMATION_FAILED: 'ERROR',
  TARGET_INVOCATION_FAILED: 'ERROR',
  TARGET_INVOCATION_PARTIALLY_FAILED: 'ERROR',
  EXECUTION_STARTED: 'INFO',
  EXECUTION_SUCCEEDED: 'INFO',
  ENRICHMENT_STAGE_ENTERED: 'INFO',
  ENRICHMENT_STAGE_SUCCEEDED: 'INFO',
  ENRICHMENT_INVOCATION_SKIPPED: 'INFO',
  TARGET_STAGE_ENTERED: 'INFO',
  TARGET_STAGE_SUCCEEDED: 'INFO',
  ENRICHMENT_TRANSFORMATION_STARTED: 'TRACE',
  ENRICHMENT_TRANSFORMATION_SUCCEEDED: 'TRACE',
  ENRICHMENT_INVOCATION_STARTED: 'TRACE',
  ENRICHMENT_INVOCATION_SUCCEEDED: 'TRACE',
  TARGET_TRANSFORMATION_STARTED: 'TRACE',
  TARGET_TRANSFORMATION_SUCCEEDED: 'TRACE',
  TARGET_INVOCATION_STARTED: 'TRACE',
  TARGET_INVOCATION_SUCCEEDED: 'TRACE',
  TARGET_INVOCATION_SKIPPED: 'TRACE',
  TARGET_STAGE_SKIPPED: 'TRACE',
} as const satisfies Record<string, Exclude<LogLevel, 'OFF'>>;

export type MessageType = keyof typeof levelOf;

/**
 * One record in the schema of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-schema.html;
 * `timestamp` in epoch ms.
 */
export interface PipeLogRecord {
  resourceArn: string;
  timestamp: number;
  executionId: string;
  messageType: MessageType;
  logLevel: Exclude<LogLevel, 'OFF'>;
  payload?: string;
  awsRequest?: string;
  awsResponse?: string;
  truncatedFields?: string[];
  error?: { httpStatusCode?: number; message: string; details: string; awsService: string; requestId: string };
}

/** Optional fields of a log record. Texts are built only with `IncludeExecutionData: ["ALL"]`. */
export interface LogFields {
  payload?: () => string;
  awsRequest?: () => string;
  awsResponse?: () => string;
  error?: DeliveryFailure;
}

const rank: Record<LogLevel, number> = { OFF: 0, ERROR: 1, INFO: 2, TRACE: 3 };
const maximumRecordCharacters = 256 * 1024;
const dataFields = ['payload', 'awsRequest', 'awsResponse'] as const;

/** What a pipe logs, and where to. */
export interface PipeLogOptions {
  resourceArn: string;
  level: LogLevel;
  includeExecutionData: boolean;
  /** Takes each record that the level includes, as JSON. Default: nothing does. */
  deliver?(line: string, timestampMs: number): void;
}

/** Makes the log records of one pipe. */
export class PipeLog {
  readonly #options: PipeLogOptions;

  constructor(options: PipeLogOptions) {
    this.#options = options;
  }

  write(nowMs: number, executionId: string, messageType: MessageType, { error, ...data }: LogFields = {}): void {
    const logLevel = levelOf[messageType];
    if (rank[logLevel] > rank[this.#options.level]) return;
    const record: PipeLogRecord = {
      resourceArn: this.#options.resourceArn,
      timestamp: nowMs,
      executionId,
      messageType,
      logLevel,
      ...(this.#options.includeExecutionData ? truncateFields(data) : {}),
      ...(error === undefined ? {} : { error: loggedError(error) }),
    };
    this.#options.deliver?.(JSON.stringify(record), nowMs);
  }
}

function loggedError(error: DeliveryFailure): PipeLogRecord['error'] {
  return {
    ...(error.httpStatusCode === undefined ? {} : { httpStatusCode: error.httpStatusCode }),
    message: error.name,
    details: error.message,
    awsService: error.service,
    requestId: error.requestId ?? '',
  };
}

/** AWS truncates the payload first, then the request, then the response, each at its end. */
function truncateFields(data: Omit<LogFields, 'error'>): Partial<PipeLogRecord> {
  const texts: Partial<Record<keyof typeof data, string>> = {};
  for (const name of dataFields) {
    const text = data[name];
    if (text !== undefined) texts[name] = text();
  }
  const truncatedFields: string[] = [];
  let over = Object.values(texts).reduce((sum, text) => sum + text.length, 0) - maximumRecordCharacters;
  for (const name of dataFields) {
    const text = texts[name];
    if (over <= 0 || text === undefined || text === '') continue;
    texts[name] = text.slice(0, Math.max(0, text.length - over));
    truncatedFields.push(name);
    over -= text.length;
  }
  return truncatedFields.length === 0 ? texts : { ...texts, truncatedFields };
}
