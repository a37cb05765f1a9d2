import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, Operation } from '../gateway/local-service.ts';
import { standInNotice } from './notice.ts';
import type { DetectedSentiment } from './stand-in.ts';

/** Where the service says what it is. */
export interface ComprehendServiceOptions {
  /** Called once, with the first call. */
  log(line: string): void;
}

/** https://docs.aws.amazon.com/comprehend/latest/APIReference/API_BatchDetectSentiment.html */
const mostDocuments = 25;
const mostBytes = 5000;
const languages: ReadonlySet<string> = new Set([
  'en',
  'es',
  'fr',
  'de',
  'it',
  'pt',
  'ar',
  'hi',
  'ja',
  'ko',
  'zh',
  'zh-TW',
]);

const inputs = {
  DetectSentiment: z.strictObject({ Text: z.string().min(1), LanguageCode: z.string() }),
  BatchDetectSentiment: z.strictObject({ TextList: z.array(z.string().min(1)).min(1), LanguageCode: z.string() }),
};

/**
 * The synchronous sentiment API of Amazon Comprehend, by a word list in place of Comprehend's model. Each answer says
 * so in a member `StandIn`, which clients ignore.
 */
export function createComprehendService({ log }: ComprehendServiceOptions): LocalService {
  let isAnnounced = false;
  /** Loads the word list with the first call: most stacks do not need it. */
  const detect = async (texts: readonly string[], languageCode: string) => {
    const { detectSentiment } = await import('./stand-in.ts');
    if (!isAnnounced) log(`Comprehend: ${standInNotice}`);
    isAnnounced = true;
    const found: readonly DetectedSentiment[] = texts.map((text) => detectSentiment(text, languageCode));
    return { found, StandIn: standInNotice };
  };
  const operation =
    <T extends { LanguageCode: string }>(
      schema: z.ZodType<T>,
      textsOf: (input: T) => readonly string[],
      answer: (found: readonly DetectedSentiment[]) => object,
    ): Operation =>
    async (input) => {
      const parsed = parseInput(schema, input);
      checkDocuments(textsOf(parsed), parsed.LanguageCode);
      const { found, StandIn } = await detect(textsOf(parsed), parsed.LanguageCode);
      return { ...answer(found), StandIn };
    };
  return {
    signingName: 'comprehend',
    operations: {
      DetectSentiment: operation(
        inputs.DetectSentiment,
        ({ Text }) => [Text],
        ([found]) => ({ ...found }),
      ),
      BatchDetectSentiment: operation(
        inputs.BatchDetectSentiment,
        ({ TextList }) => TextList,
        (found) => ({ ResultList: found.map((each, Index) => ({ Index, ...each })), ErrorList: [] }),
      ),
    },
  };
}

function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  // zod's messages name members and types, and no text.
  const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new AwsError('InvalidRequestException', problems.join('; '));
}

/** None of these errors is retryable. The text about the size is AWS's own. */
function checkDocuments(texts: readonly string[], languageCode: string): void {
  if (texts.length > mostDocuments) {
    throw new AwsError(
      'BatchSizeLimitExceededException',
      `The number of documents in the request exceeds the limit of ${mostDocuments}: there are ${texts.length}.`,
    );
  }
  if (!languages.has(languageCode)) {
    throw new AwsError(
      'UnsupportedLanguageException',
      `Language ${languageCode} is not supported. Use one of ${[...languages].join(', ')}.`,
    );
  }
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (bytes > mostBytes) {
      throw new AwsError(
        'TextSizeLimitExceededException',
        `Input text size exceeds limit. Max length of request text allowed is ${mostBytes} bytes while in this request the text size is ${bytes} bytes`,
      );
    }
  }
}
