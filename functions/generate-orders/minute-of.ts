import * as z from 'zod';

const scheduled = z.looseObject({ scheduledTime: z.iso.datetime({ offset: true }) });

/** The time that the schedule names, in milliseconds since the epoch; `nowMs` for any other input. */
export function minuteOf(event: unknown, nowMs: number): number {
  const parsed = scheduled.safeParse(event);
  return parsed.success ? Date.parse(parsed.data.scheduledTime) : nowMs;
}
