/** A language of the sample. Its words are our own lists and not from real posts. */
export interface Language {
  /** The `lang` attribute. */
  code: string;
  words: readonly string[];
  /** Between words; empty for scripts without spaces. */
  separator: string;
  hashtags: readonly Hashtag[];
}

/** A hashtag with its spellings, and the folded form that all of them are counted under. */
export interface Hashtag {
  folded: string;
  /** Without `#`; never empty. */
  spellings: readonly string[];
}

const cased = (folded: string, ...others: string[]): Hashtag => ({ folded, spellings: [folded, ...others] });
const uncased = (...hashtags: string[]): Hashtag[] => hashtags.map((folded) => ({ folded, spellings: [folded] }));

/** The first hashtags of a language are used most. */
export const languages: readonly Language[] = [
  {
    code: 'en',
    separator: ' ',
    words: [
      'morning',
      'river',
      'window',
      'slowly',
      'the',
      'a',
      'green',
      'bicycle',
      'rain',
      'over',
      'harbour',
      'counts',
      'lanterns',
      'quiet',
      'and',
    ],
    hashtags: [
      cased('cloudwatching', 'CloudWatching', 'CLOUDWATCHING', 'cloudWatching'),
      cased('riverside', 'Riverside', 'RiverSide'),
      cased('nightbus', 'NightBus'),
      cased('coffee', 'Coffee', 'COFFEE'),
      cased('tiny_gardens', 'Tiny_Gardens'),
      cased('summer2026', 'Summer2026'),
      cased('constructor'),
      cased('__proto__', '__PROTO__'),
      cased('tostring', 'toString'),
    ],
  },
  {
    code: 'es',
    separator: ' ',
    words: [
      'mañana',
      'el',
      'río',
      'canta',
      'una',
      'ventana',
      'azul',
      'sobre',
      'camino',
      'lento',
      'y',
      'sueña',
      'otoño',
    ],
    hashtags: [cased('otoño', 'Otoño', 'OTOÑO'), cased('caféconleche', 'CaféConLeche'), cased('montaña', 'Montaña')],
  },
  {
    code: 'de',
    separator: ' ',
    words: ['der', 'Fluss', 'träumt', 'über', 'grüne', 'Brücken', 'leise', 'und', 'süße', 'Straßen', 'am', 'Morgen'],
    hashtags: [
      cased('straßenmusik', 'Straßenmusik'),
      cased('frühling', 'Frühling', 'FRÜHLING'),
      cased('coffee', 'Coffee'),
    ],
  },
  {
    code: 'ru',
    separator: ' ',
    words: ['утро', 'над', 'рекой', 'тихо', 'светит', 'окно', 'и', 'дождь', 'считает', 'зелёный', 'мост'],
    hashtags: [cased('рассвет', 'Рассвет', 'РАССВЕТ'), cased('ёлки', 'Ёлки'), cased('москва', 'Москва', 'МОСКВА')],
  },
  {
    code: 'uk',
    separator: ' ',
    words: ['ранок', 'біля', 'річки', 'їде', 'зелений', 'потяг', 'і', 'тиша', 'вікно', 'ґанок'],
    hashtags: [cased('їжачок', 'Їжачок', 'ЇЖАЧОК'), cased('київ', 'Київ', 'КИЇВ')],
  },
  {
    code: 'th',
    separator: '',
    words: ['ตอนเช้า', 'แม่น้ำ', 'เงียบ', 'ฝนตก', 'หน้าต่าง', 'สีเขียว', 'และ', 'สะพาน', 'แสง', 'นับดาว'],
    hashtags: uncased('กรุงเทพ', 'กาแฟเช้า', 'ฝนตกอีกแล้ว'),
  },
  {
    code: 'ko',
    separator: ' ',
    words: ['아침', '강가', '조용한', '창문', '비가', '내리는', '초록', '다리', '그리고', '불빛'],
    hashtags: uncased('서울', '아침커피', '구름구경'),
  },
  {
    code: 'ar',
    separator: ' ',
    words: ['صباح', 'النهر', 'هادئ', 'نافذة', 'خضراء', 'مطر', 'فوق', 'الجسر', 'ضوء', 'بعيد'],
    hashtags: uncased('صباح_الخير', 'القاهرة', 'مطر'),
  },
  {
    code: 'ja',
    separator: '',
    words: ['朝の', '川辺', '静かな', '窓', '雨が', '降る', '緑の', '橋', 'そして', '灯り'],
    hashtags: uncased('東京', '朝コーヒー', '雲を見る会'),
  },
];

/** Placed beside hashtags. Some have several code points: a flag, a skin tone, a family with zero-width joiners. */
export const emoji: readonly string[] = ['🌊', '☕️', '🌧', '✨', '🇹🇭', '👋🏽', '👩‍👩‍👧', '🚲'];

/** A hashtag of the long tail. */
export function busLine(line: number): Hashtag {
  return { folded: `bus${line}`, spellings: [`bus${line}`, `Bus${line}`] };
}
