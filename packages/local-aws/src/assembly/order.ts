/**
 * Sorts names so that each comes after everything it depends on; names keep their given order otherwise.
 * Returns the cycles it met instead, each as the path that closes (`['A', 'B', 'A']`); then `order` is of no use.
 */
export function dependencyOrder(dependencies: ReadonlyMap<string, ReadonlySet<string>>): {
  order: string[];
  cycles: string[][];
} {
  const order: string[] = [];
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];

  const visit = (name: string): void => {
    if (done.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      cycles.push([...path.slice(start), name]);
      return;
    }
    path.push(name);
    for (const dependency of dependencies.get(name) ?? []) visit(dependency);
    path.pop();
    done.add(name);
    order.push(name);
  };
  for (const name of dependencies.keys()) visit(name);
  return { order, cycles };
}
