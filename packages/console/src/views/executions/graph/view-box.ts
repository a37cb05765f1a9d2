/** The part of a drawing that is shown, in its own units. */
export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Screen pixels of a unit: the least and the most. */
const [MIN_SCALE, MAX_SCALE] = [0.08, 3];
/** A drawing is not shown smaller than this at first, so that its texts can be read. */
const READABLE_SCALE = 0.8;

/** The whole drawing, or the surroundings of its start where the whole would be too small to read. */
export function startBox(drawing: Size & { startX: number }, screen: Size): ViewBox {
  const scale = clamp(Math.min(screen.width / drawing.width, 1), READABLE_SCALE, 1);
  const [width, height] = [screen.width / scale, screen.height / scale];
  const isNarrow = drawing.width <= width;
  const x = isNarrow ? (drawing.width - width) / 2 : clamp(drawing.startX - width / 2, 0, drawing.width - width);
  return { x, y: Math.min(0, drawing.height / 2 - height / 2), width, height };
}

/** The whole drawing, at most in its own size. */
export function fitBox(drawing: Size, screen: Size): ViewBox {
  const scale = clamp(Math.min(screen.width / drawing.width, screen.height / drawing.height), MIN_SCALE, 1);
  const [width, height] = [screen.width / scale, screen.height / scale];
  return { x: drawing.width / 2 - width / 2, y: drawing.height / 2 - height / 2, width, height };
}

/** Zooms by a factor above 1, or out by one below, about a point that is given in parts of the screen. */
export function zoomBox(box: ViewBox, factor: number, screen: Size, at = { x: 0.5, y: 0.5 }): ViewBox {
  const scale = clamp((screen.width / box.width) * factor, MIN_SCALE, MAX_SCALE);
  const [width, height] = [screen.width / scale, screen.height / scale];
  return { x: box.x + (box.width - width) * at.x, y: box.y + (box.height - height) * at.y, width, height };
}

/** Moves by parts of the screen, never so far that the drawing is out of sight. */
export function panBox(box: ViewBox, by: { x: number; y: number }, drawing: Size): ViewBox {
  const margin = 40;
  return {
    ...box,
    x: clamp(box.x + by.x * box.width, margin - box.width, drawing.width - margin),
    y: clamp(box.y + by.y * box.height, margin - box.height, drawing.height - margin),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
