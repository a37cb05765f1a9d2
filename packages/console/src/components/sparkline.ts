import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber } from '../app/format.ts';

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
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const colour = () => getComputedStyle(element).color;
    const made = new uPlot(
      {
        width: Math.max(20, element.clientWidth),
        height,
        padding: [3, 0, 1, 0],
        cursor: { show: false },
        legend: { show: false },
        select: { show: false, left: 0, top: 0, width: 0, height: 0 },
        axes: [{ show: false }, { show: false }],
        scales: { y: { range: (_, _min, max) => [0, Math.max(1, max ?? 1)] } },
        series: [{}, { stroke: colour, fill: () => faint(colour()), width: 1.5, points: { show: false } }],
      },
      [[], []],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(20, element.clientWidth), height }));
    observer.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      observer.disconnect();
      made.destroy();
    };
  }, [height]);
  useEffect(() => plot.current?.setData([[...times], [...values]]), [times, values, height]);
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

function faint(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)');
}
