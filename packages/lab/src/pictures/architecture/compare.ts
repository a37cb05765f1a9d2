import {
  acquaintances,
  flows,
  type Part,
  type PartName,
  parts,
  type Resource,
  supportingTypes,
} from './description.ts';
import { type Template, withoutHash } from './template.ts';

/** What the picture and the template disagree about, as sentences for people. Empty when they agree. */
export function compareWithTemplate(template: Template): string[] {
  return [...compareResources(template), ...compareConnections(template)];
}

const allParts: readonly Part[] = Object.values(parts);
const drawnResources: readonly Resource[] = allParts.flatMap(({ resources }) => resources);

function compareResources({ resources }: Template): string[] {
  const nameOf = ({ type, id }: Resource) => `${type} ${id}`;
  const drawnNames = new Set(drawnResources.map(nameOf));
  const drawnTypes = new Set(drawnResources.map(({ type }) => type));
  const present = [...resources].map(([id, { type }]) => ({ type, id: withoutHash(id) }));
  const presentNames = new Set(present.map(nameOf));
  const surplus = [...drawnNames].filter((name) => !presentNames.has(name));
  const missing = present.filter((resource) => drawnTypes.has(resource.type) && !drawnNames.has(nameOf(resource)));
  const unknown = present.filter(({ type }) => !drawnTypes.has(type) && !supportingTypes.includes(type));
  return [
    ...surplus.map((name) => `The picture shows ${name}, which the template does not have.`),
    ...missing.map((resource) => `The template has ${nameOf(resource)}, which the picture does not show.`),
    ...unknown.map(
      (resource) => `The template has ${nameOf(resource)}. Draw it, or add its type to the supporting types.`,
    ),
  ];
}

/**
 * In the template two resources are connected where one refers to the other. A flow connects parts: each resource of
 * the one side is connected with some of the other.
 */
function compareConnections({ resources }: Template): string[] {
  const drawnIds = new Set(drawnResources.map(({ id }) => id));
  const connections = [...resources].flatMap(([id, { references }]) =>
    [...references].map((target) => [withoutHash(id), withoutHash(target)] as const),
  );
  const drawn = [...flows, ...acquaintances].map(({ from, to }) => [idsOf(from), idsOf(to)] as const);
  const areConnected = (a: string, b: string) =>
    connections.some(([from, to]) => (from === a && to === b) || (from === b && to === a));

  const surplus = drawn
    .filter(([from, to]) => from.length > 0 && to.length > 0)
    .flatMap(([from, to]) => [
      ...from.filter((id) => !to.some((other) => areConnected(id, other))).map((id) => [id, to] as const),
      ...to.filter((id) => !from.some((other) => areConnected(id, other))).map((id) => [id, from] as const),
    ]);
  const missing = connections.filter(
    ([a, b]) =>
      drawnIds.has(a) &&
      drawnIds.has(b) &&
      !drawn.some(([from, to]) => (from.includes(a) && to.includes(b)) || (from.includes(b) && to.includes(a))),
  );
  return [
    ...surplus.map(([id, others]) => `The picture connects ${id} with ${others.join(', ')}; the template does not.`),
    ...missing.map(([from, to]) => `In the template ${from} refers to ${to}, which the picture does not show.`),
  ];
}

function idsOf(names: readonly PartName[]): string[] {
  return names.flatMap((name) => parts[name].resources.map(({ id }) => id));
}
