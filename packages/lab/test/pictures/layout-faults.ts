import type { Layout, PlacedEdge, PlacedNode } from '../../src/pictures/state-machine/layout.ts';
import { labelWidth } from '../../src/pictures/state-machine/measures.ts';
import type { Box, Point } from '../../src/pictures/svg/geometry.ts';

/** What a reader would stumble over in a layout and the scopes within, one sentence each. */
export function layoutFaults(layout: Layout): string[] {
  return [
    ...overlaps(layout),
    ...outside(layout),
    ...looseEnds(layout),
    ...crossedStates(layout),
    ...crossedLabels(layout),
    ...layout.nodes.flatMap(({ inner }) => inner.flatMap((scope) => layoutFaults(scope.layout))),
  ];
}

function overlaps({ nodes }: Layout): string[] {
  return nodes.flatMap((a, index) =>
    nodes.slice(index + 1).flatMap((b) => (intersect(a.box, b.box) ? [`${name(a)} overlaps ${name(b)}`] : [])),
  );
}

function outside({ nodes, edges, width, height }: Layout): string[] {
  const page = { x: -0.01, y: -0.01, width: width + 0.02, height: height + 0.02 };
  return [
    ...nodes.filter(({ box }) => !contains(page, box)).map((node) => `${name(node)} is outside its scope`),
    ...edges
      .filter(({ points }) => points.some((point) => !contains(page, { ...point, width: 0, height: 0 })))
      .map((edge) => `${line(edge)} leaves its scope`),
    ...nodes.flatMap((node) =>
      node.inner
        .filter(({ origin, layout }) => {
          const { width, height } = node.box;
          return !contains({ x: 0, y: 0, width, height }, { ...origin, width: layout.width, height: layout.height });
        })
        .map(() => `${name(node)} is smaller than what it runs`),
    ),
  ];
}

function looseEnds({ nodes, edges }: Layout): string[] {
  return edges.flatMap((edge) => {
    const { transition, points } = edge;
    const start = points[0];
    const end = points.at(-1);
    const touches = (node: number, point: Point | undefined) => {
      const box = nodes[node]?.box;
      if (box === undefined || point === undefined) return false;
      return contains(grown(box, 0.01), { ...point, width: 0, height: 0 });
    };
    return touches(transition.from, start) && touches(transition.to, end) ? [] : [`${line(edge)} has a loose end`];
  });
}

function crossedStates({ nodes, edges }: Layout): string[] {
  return edges.flatMap((edge) =>
    nodes.flatMap((node, index) => {
      const isItsOwn = index === edge.transition.from || index === edge.transition.to;
      const isCrossed = !isItsOwn && segments(edge).some((segment) => intersect(segment, grown(node.box, -0.5)));
      return isCrossed ? [`${line(edge)} crosses ${name(node)}`] : [];
    }),
  );
}

function crossedLabels({ nodes, edges }: Layout): string[] {
  return edges.flatMap((labelled) => {
    const box = labelBox(labelled);
    if (box === undefined) return [];
    const states = nodes.filter((node) => intersect(node.box, box)).map(name);
    const lines = edges.filter((edge) => segments(edge).some((segment) => intersect(segment, box))).map(line);
    const labels = edges.filter((edge) => {
      const other = edge === labelled ? undefined : labelBox(edge);
      return other !== undefined && intersect(other, box);
    });
    return [...states, ...lines, ...labels.map((edge) => `the label of ${line(edge)}`)].map(
      (other) => `${other} is over the label of ${line(labelled)}`,
    );
  });
}

/** The letters of a label, without what hangs below the baseline. */
function labelBox({ transition, label }: PlacedEdge): Box | undefined {
  if (label === undefined) return undefined;
  const width = labelWidth(transition.label);
  return { x: label.anchor === 'start' ? label.x : label.x - width, y: label.y - 6, width, height: 6 };
}

function segments({ points }: PlacedEdge): Box[] {
  return points.slice(1).map((b, index) => {
    const a = points[index] ?? b;
    return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
  });
}

function intersect(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function contains(outer: Box, { x, y, width, height }: Box): boolean {
  const isWide = outer.x <= x && x + width <= outer.x + outer.width;
  return isWide && outer.y <= y && y + height <= outer.y + outer.height;
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + by * 2, height: height + by * 2 };
}

function name({ node }: PlacedNode): string {
  return `${node.path.join('/')} ${node.kind}`;
}

function line({ transition: { from, to, kind } }: PlacedEdge): string {
  return `the ${kind} line ${from} → ${to}`;
}
