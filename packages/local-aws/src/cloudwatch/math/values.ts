/** The times of a time series: `count` periods from the start. */
export interface Grid {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly periodSeconds: number;
  readonly count: number;
}

/** One value a period of the grid; undefined where there is no data point. */
export type Points = readonly (number | undefined)[];

/** A time series. The label is that of its metric. */
export interface Series {
  readonly label: string;
  readonly points: Points;
}

/** What a part of an expression gives: a number, a time series, or an array of time series. */
export type Value = number | Series | readonly Series[];

export function isList(value: Value): value is readonly Series[] {
  return Array.isArray(value);
}
