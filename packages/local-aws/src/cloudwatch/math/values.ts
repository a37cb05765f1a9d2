/** The times of a time series: `count` periods from the start. */
export interface Grid {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly periodSeconds: number;
  readonly count: number;
}

/** One value a period of the grid; undefined where there is no data point. */
export type Points = readonly (number | undefined)[];

/** A value and the start of its period. */
export interface DataPoint {
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** The data points that there are. */
export function dataPoints(points: Points, { startMs, periodSeconds }: Grid): DataPoint[] {
  return points.flatMap((value, index) =>
    value === undefined ? [] : { value, atMs: startMs + index * periodSeconds * 1000 },
  );
}

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
