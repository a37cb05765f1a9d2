import type { Description, Resource } from './description.ts';
import { isImport, type Template, withoutHash } from './template.ts';

/** What a picture and the template disagree about, as sentences for people. Empty when they agree. */
export function compareWithTemplate(template: Template, description: Description): string[] {
  const { supportingTypes } = description;
  const resources = new Map([...template.resources].filter(([, { type }]) => !supportingTypes.includes(type)));
  return [...compareResources({ resources }, description), ...compareConnections({ resources }, description)];
}

function drawnResources({ parts }: Description): Resource[] {
  return Object.values(parts).flatMap(({ resources }) => resources);
}

function compareResources({ resources }: Template, description: Description): string[] {
  const drawn = drawnResources(description);
  const nameOf = ({ type, id }: Resource) => `${type} ${id}`;
  const drawnNames = new Set(drawn.map(nameOf));
  const drawnTypes = new Set(drawn.map(({ type }) => type));
  const references = [...resources.values()].flatMap((resource) => [...resource.references]);
  const present = [
    ...[...resources].map(([id, { type }]) => ({ type, id: withoutHash(id) })),
    ...[...new Set(references)].filter(isImport).map((id) => ({ type: 'Fn::ImportValue', id })),
  ];
  const presentNames = new Set(present.map(nameOf));
  const surplus = [...drawnNames].filter((name) => !presentNames.has(name));
  const missing = present.filter((resource) => drawnTypes.has(resource.type) && !drawnNames.has(nameOf(resource)));
  const unknown = present.filter(({ type }) => !drawnTypes.has(type));
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
function compareConnections({ resources }: Template, description: Description): string[] {
  const { parts, flows, acquaintances } = description;
  const idsOf = (names: readonly string[]) => names.flatMap((name) => parts[name]?.resources.map(({ id }) => id) ?? []);
  const drawnIds = new Set(drawnResources(description).map(({ id }) => id));
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
