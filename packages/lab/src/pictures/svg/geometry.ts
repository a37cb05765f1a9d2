/** A place in the picture, in user units (CSS pixels at the picture's natural size), y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How large something is, in user units. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its top left corner and its size. */
export interface Box extends Point, Size {}

/** The point in the middle of a box. */
export function center({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** The box of this size around a point. */
export function boxAround({ x, y }: Point, { width, height }: Size): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}
