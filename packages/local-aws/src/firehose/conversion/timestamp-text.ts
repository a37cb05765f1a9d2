const TEXT =
  /^(?<date>\d{4}-\d{1,2}-\d{1,2})(?:T(?<zoned>\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)Z| (?<local>\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?))$/;
/** Longer numbers are milliseconds. */
const LONGEST_SECONDS = 11;

/**
 * A time in UTC as `2026-11-20 10:00:00.123456`, from the texts and numbers that the SerDes read: `2026-11-20
 * 10:00:00.5`, `2026-11-20T10:00:00.5Z`, epoch seconds with or without a fraction, epoch milliseconds. Undefined for
 * another. https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 */
export function timestampText(source: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(source)) {
    const [whole = ''] = source.split('.');
    const ms = whole.length > LONGEST_SECONDS ? Number(whole) : Math.round(Number(source) * 1000);
    return Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString().slice(0, -1).replace('T', ' ');
  }
  const { date, zoned, local } = TEXT.exec(source)?.groups ?? {};
  const time = zoned ?? local;
  if (date === undefined || time === undefined) return undefined;
  const [year = '', month = '', day = ''] = date.split('-').map((part) => part.padStart(2, '0'));
  const [clock = '', fraction = ''] = time.split('.');
  const at = new Date(`${year}-${month}-${day}T${clock}Z`);
  // A day that a month does not have becomes one of the next.
  if (Number.isNaN(at.getTime()) || at.getUTCDate() !== Number(day)) return undefined;
  return `${year}-${month}-${day} ${clock}.${fraction.slice(0, 6).padEnd(3, '0')}`;
}
