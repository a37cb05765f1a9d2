import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { formatNumber } from '../app/format.ts';
import { faint, useUplot } from './use-uplot.ts';

export interface SparklineProps {
  /** What the values are, for screen readers: "Records a second". */
  label: string;
  /** Seconds since the epoch, ascending. */
  times: readonly number[];
  /** One for each time; null where nothing is known. */
  values: readonly (number | null)[];
  /** Pixels. Default 40. */
  height?: number;
}

/** A small line of values over time, without axes. It grows from zero, as wide as its place. */
export function Sparkline({ label, times, values, height = 40 }: SparklineProps): VNode {
  const data = useMemo((): uPlot.AlignedData => [[...times], [...values]], [times, values]);
  const place = useUplot({
    options: (element) => lineOptions(element, height),
    shape: String(height),
    data,
    leastWidth: 20,
  });
  return html`<div class="sparkline" role="img" aria-label=${describeValues(label, values)} ref=${place}></div>`;
}

/** `Records a second: now 12, highest 40` */
function describeValues(label: string, values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return `${label}: nothing is known`;
  const highest = known.reduce((most, value) => Math.max(most, value), last);
  return `${label}: now ${formatNumber(last)}, highest ${formatNumber(highest)}`;
}

function lineOptions(element: HTMLElement, height: number): Omit<uPlot.Options, 'width'> {
  const colour = () => getComputedStyle(element).color;
  return {
    height,
    padding: [3, 0, 1, 0],
    cursor: { show: false },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    axes: [{ show: false }, { show: false }],
    scales: { y: { range: (_, _min, max) => [0, Math.max(1, max ?? 1)] } },
    series: [{}, { stroke: colour, fill: () => faint(colour(), 0.12), width: 1.5, points: { show: false } }],
  };
}
