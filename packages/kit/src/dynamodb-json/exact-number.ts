/**
 * A DynamoDB number (text of up to 38 digits) as a JSON number if the nearest double prints as the same decimal value,
 * else the text itself: `0.1` is a number, 9007199254740993 is a string.
 * Throws RangeError for text that is no number.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export function exactNumber(text: string): number | string {
  const exact = decimal(text);
  if (exact === undefined) throw new RangeError('its N is not a number');
  const nearest = Number(text);
  return decimal(String(nearest)) === exact ? nearest : text;
}

/** One spelling per decimal value: sign, digits without outer zeros, exponent of the last digit. */
function decimal(text: string): string | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign === '-' ? '-' : ''}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
