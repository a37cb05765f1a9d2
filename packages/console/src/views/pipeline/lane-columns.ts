import type { Stage } from './api.ts';

/** The stages of a lane by their columns. */
export function columnsOf(stages: readonly Stage[]): Stage[][] {
  const columns: Stage[][] = [];
  for (const stage of stages) {
    const last = columns.at(-1);
    if (stage.isBeside && last !== undefined) last.push(stage);
    else columns.push([stage]);
  }
  return columns;
}
