const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** API v1.1: `Wed Oct 10 20:19:24 +0000 2018`. */
const apiV1 =
  /^\w{3} (?<monthName>\w{3}) (?<day>\d\d?) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<zone>[+-]\d{4}) (?<year>\d{4})$/;

/** ISO 8601, `T` or a space before the time. Without a zone it is UTC. */
const iso =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)? ?(?<zone>Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** ISO 8601 without separators, `20181010T201924Z`. */
const compactIso =
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?:[.,](?<fraction>\d+))?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** A tweet's `created_at` in milliseconds since the epoch; undefined for a text in no known form, and for no time. */
export function parseTimestamp(text: string): number | undefined {
  const parts = (apiV1.exec(text) ?? iso.exec(text) ?? compactIso.exec(text))?.groups;
  if (parts === undefined) return undefined;
  const { year, monthName, day, hour = 0, minute = 0, second = 0, fraction = '', zone = 'Z' } = parts;
  const month = monthName === undefined ? Number(parts.month) : months.indexOf(monthName.toLowerCase()) + 1;
  const time = [Number(year), month - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const local = new Date(0);
  local.setUTCFullYear(time[0], time[1], time[2]);
  local.setUTCHours(time[3], time[4], time[5], Number(fraction.padEnd(3, '0').slice(0, 3)));
  // What does not exist, such as 30 February or 25:00, is carried over.
  const exists = local.getUTCMonth() === time[1] && local.getUTCDate() === time[2] && local.getUTCHours() === time[3];
  if (!exists || local.getUTCMinutes() !== time[4] || local.getUTCSeconds() !== time[5]) return undefined;
  const epochMs = local.getTime() - zoneMs(zone);
  const utcYear = new Date(epochMs).getUTCFullYear();
  return utcYear < 0 || utcYear > 9999 ? undefined : epochMs;
}

/** `+0130`, `+01:30`, `+01`; 0 for a name of UTC. */
function zoneMs(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
