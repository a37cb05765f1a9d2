import Sentiment from 'sentiment';

/** https://docs.aws.amazon.com/comprehend/latest/APIReference/API_SentimentScore.html, between 0 and 1. */
export interface SentimentScore {
  Positive: number;
  Negative: number;
  Neutral: number;
  Mixed: number;
}

/** What Comprehend says of one document. */
export interface DetectedSentiment {
  Sentiment: 'POSITIVE' | 'NEGATIVE' | 'NEUTRAL' | 'MIXED';
  SentimentScore: SentimentScore;
}

const english = 'en';
/** Emoji without words: `die` is a bad word in English and an article in German. */
const emojiAlone = 'emoji';

const lexicon = new Sentiment();
lexicon.registerLanguage(emojiAlone, { labels: {} });

/** Weight of each sentiment before a word is found, so that none is impossible. A word of the list weighs 1 to 5. */
const prior = 0.25;

/** The sentiment of a text by the words and emoji in it. The same text always gives the same. */
export function detectSentiment(text: string, languageCode: string): DetectedSentiment {
  const { calculation } = lexicon.analyze(withBareEmoji(text), {
    language: languageCode === english ? english : emojiAlone,
  });
  const points = calculation.flatMap((found) => Object.values(found));
  const good = sum(points.filter((point) => point > 0));
  const bad = -sum(points.filter((point) => point < 0));
  const isBalanced = good === bad;
  const weights = {
    Positive: prior + good,
    Negative: prior + bad,
    Neutral: prior + (isBalanced && good === 0 ? 1 : 0),
    Mixed: prior + (isBalanced ? 2 * good : 0),
  };
  const all = sum(Object.values(weights));
  return {
    Sentiment: good > bad ? 'POSITIVE' : good < bad ? 'NEGATIVE' : good > 0 ? 'MIXED' : 'NEUTRAL',
    SentimentScore: {
      Positive: weights.Positive / all,
      Negative: weights.Negative / all,
      Neutral: weights.Neutral / all,
      Mixed: weights.Mixed / all,
    },
  };
}

/** The list has emoji without variation and skin tone, and finds only what stands between spaces. */
function withBareEmoji(text: string): string {
  return text
    .replaceAll(/[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, '')
    .replaceAll(/\p{Extended_Pictographic}/gu, ' $& ')
    .replaceAll(/\s+/gu, ' ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
