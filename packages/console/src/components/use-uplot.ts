import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

/** What {@link useUplot} draws. */
export interface UplotDrawing {
  /** Without the width, which is that of the place. Called when `shape` changes. */
  options(element: HTMLElement): Omit<uPlot.Options, 'width'>;
  /** The options are made anew when it changes. */
  shape: string;
  /** Drawn again when it is another array. */
  data: uPlot.AlignedData;
  /** Pixels. */
  leastWidth: number;
}

/** Draws by uPlot in the element that gets the returned ref: as wide as it, in the colours of light or dark. */
export function useUplot({ options, shape, data, leastWidth }: UplotDrawing): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = () => Math.max(leastWidth, element.clientWidth);
    const empty: uPlot.AlignedData = [[], ...data.slice(1).map(() => [])];
    const made = new uPlot({ ...options(element), width: width() }, empty, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: width(), height: made.height }));
    observer.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      observer.disconnect();
      made.destroy();
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(data), [data, shape]);
  return place;
}

/** The colour of a text as a see-through area. `share` 0-1 of it. */
export function faint(colour: string, share: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`);
}
