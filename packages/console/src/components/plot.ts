import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import uPlot from 'uplot';
import { formatDateTime, formatNumber, formatSecond } from '../app/format.ts';
import { faint, useUplot } from './use-uplot.ts';

export interface PlotProps {
  /** What is drawn, for screen readers. The values stand in a table beside it. */
  label: string;
  /** Seconds since the epoch, or with `names` 0, 1, 2, … */
  xs: readonly number[];
  /** Names of the places on the x axis, instead of times. */
  names?: readonly string[];
  series: readonly PlotSeries[];
  /** Default `line`. */
  kind?: 'line' | 'bars';
  /** Pixels. Default 260. */
  height?: number;
}

export interface PlotSeries {
  readonly label: string;
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** Colours that can be told apart in light and dark, and by most eyes (Okabe and Ito). */
const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#8a7500',
  '#56b4e9',
  '#a05195',
  '#7a5230',
  '#5f6b7a',
  '#e69f00',
];

/** The colour of the series at this place. */
function seriesColour(index: number): string {
  return colours[index % colours.length] ?? '#0072b2';
}

/** Lines or bars with axes, as wide as their place. The values under the pointer stand in the legend. */
export function Plot(props: PlotProps): VNode {
  const { label, xs, names, series, kind = 'line', height = 260 } = props;
  const data = useMemo((): uPlot.AlignedData => [[...xs], ...series.map(({ values }) => [...values])], [xs, series]);
  const shape = JSON.stringify([kind, height, names, series.map((each) => each.label)]);
  const options = (element: HTMLElement) => plotOptions(element, { ...props, kind, height });
  const place = useUplot({ options, shape, data, leastWidth: 60 });
  return html`<div class="plot" role="img" aria-label=${label} ref=${place}></div>`;
}

type Drawn = Pick<PlotProps, 'names' | 'series'> & Required<Pick<PlotProps, 'kind' | 'height'>>;

function plotOptions(element: HTMLElement, { names, series, kind, height }: Drawn): Omit<uPlot.Options, 'width'> {
  const text = () => getComputedStyle(element).color;
  const axis = {
    stroke: text,
    grid: { stroke: () => faint(text(), 0.18), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  };
  const bars = uPlot.paths.bars?.({ size: [0.7, 80] });
  return {
    height,
    cursor: { points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: names === undefined ? { time: true } : { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] },
      y: { range: (_, min, max) => [Math.min(0, min ?? 0), Math.max(1, (max ?? 1) * 1.05)] },
    },
    axes: [
      names === undefined
        ? { ...axis, space: 76, incrs: timeSteps, values: (_: uPlot, splits: number[]) => clockTexts(splits) }
        : {
            ...axis,
            grid: { show: false },
            splits: () => names.map((_, index) => index),
            values: (self, splits) => namesThatFit(names, splits, self.width),
          },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => formatNumber(value)) },
    ],
    series: [
      names === undefined
        ? {
            label: 'Time',
            value: (_, value) => (value === null ? '' : formatDateTime(value * 1_000).replace(/\.\d+$/, '')),
          }
        : { label: 'Name', value: (_, value) => (value === null ? '' : (names[value] ?? '')) },
      ...series.map((each, index) => ({
        label: each.label,
        stroke: seriesColour(index),
        ...(kind === 'bars' && bars !== undefined
          ? { fill: seriesColour(index), paths: bars, width: 0, points: { show: false } }
          : { width: 2, spanGaps: false }),
        value: (_: uPlot, value: number | null) => (value === null ? '–' : formatNumber(value)),
      })),
    ],
  };
}

/** `14:03:07`, without the seconds where they are all 0. */
function clockTexts(seconds: readonly number[]): string[] {
  const texts = seconds.map((each) => formatSecond(each * 1_000));
  return texts.every((text) => text.endsWith(':00')) ? texts.map((text) => text.slice(0, 5)) : texts;
}

/** Seconds between two marks of time. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];

/** Every name, or every second, third, … where the plot is too narrow. */
function namesThatFit(names: readonly string[], splits: readonly number[], width: number): string[] {
  const longest = Math.min(14, Math.max(1, ...names.map((name) => name.length)));
  const room = Math.max(1, Math.floor((width - 70) / (longest * 7.5 + 8)));
  const step = Math.ceil(names.length / room);
  return splits.map((index) => (index % step === 0 ? shorten(names[index] ?? '', longest) : ''));
}

function shorten(name: string, characters: number): string {
  return name.length > characters ? `${name.slice(0, characters - 1)}…` : name;
}
