import type { Box, Point, Size } from '../svg/geometry.ts';
import type { StateNode, Transition } from './graph.ts';

/** A scope with a place for everything. Coordinates count from its top left corner. */
export interface Layout extends Size {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** A state's size and what it contains, before it has a place. */
export interface SizedNode extends Size {
  readonly node: StateNode;
  /** What a Map or a Parallel state runs, and where that begins, from the state's own top left corner. */
  readonly inner: readonly { readonly origin: Point; readonly layout: Layout }[];
}

/** A state in its place. */
export interface PlacedNode extends Pick<SizedNode, 'node' | 'inner'> {
  readonly box: Box;
}

/** A transition as straight lines from its source to its target. */
export interface PlacedEdge {
  readonly transition: Transition;
  readonly points: readonly Point[];
  /** Where the label's baseline starts, or ends; missing where there is no label. */
  readonly label?: Point & { readonly anchor: 'start' | 'end' };
}
