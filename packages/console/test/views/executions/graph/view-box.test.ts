import { describe, expect, it } from '@jest/globals';
import { fitBox, panBox, startBox, zoomBox } from '../../../../src/views/executions/graph/view-box.ts';

const screen = { width: 800, height: 600 };
const tall = { width: 1_000, height: 4_000, startX: 700 };

describe('the shown part of a drawing', () => {
  it('is the whole of a small one, in its own size', () => {
    const small = { width: 400, height: 300, startX: 200 };
    expect(startBox(small, screen)).toEqual({ x: -200, y: -150, width: 800, height: 600 });
    expect(fitBox(small, screen)).toEqual(startBox(small, screen));
  });

  it('begins around the start of a large one, at a size that can be read', () => {
    const box = startBox({ ...tall, width: 3_000 }, screen);
    expect(box).toMatchObject({ x: 700 - box.width / 2, y: 0 });
    expect(screen.width / box.width).toBeCloseTo(0.8);
  });

  it('fits all of a large one', () => {
    const { x, y, width, height } = fitBox(tall, screen);
    expect(x <= 0 && y <= 0 && x + width >= tall.width && y + height >= tall.height).toBe(true);
  });

  it('zooms about a point, within bounds', () => {
    const box = { x: 0, y: 0, width: 800, height: 600 };
    const zoomed = zoomBox(box, 2, screen, { x: 0.25, y: 0.5 });
    expect(zoomed).toEqual({ x: 100, y: 150, width: 400, height: 300 });
    expect(zoomBox(box, 1_000, screen).width).toBeCloseTo(800 / 3);
    expect(zoomBox(box, 0.000_1, screen).width).toBeCloseTo(10_000);
  });

  it('never moves out of sight', () => {
    const box = { x: 0, y: 0, width: 800, height: 600 };
    expect(panBox(box, { x: 0.5, y: 0.5 }, tall)).toEqual({ ...box, x: 400, y: 300 });
    expect(panBox(box, { x: 99, y: -99 }, tall)).toEqual({ ...box, x: 960, y: -560 });
  });
});
