import type { Json } from '@tweet-pipes/kit/json';
import type { Scope } from './evaluate.ts';
import { ignoredType } from './ignored.ts';
import { physicalName } from './physical-name.ts';
import type { Environment, ResourceIdentity, ResourceType } from './resource-type.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * A resource of the template whose condition holds. `type` is undefined for an unsupported type, which was reported.
 */
export interface Declared extends ResourceIdentity {
  resource: TemplateResource;
  type: ResourceType | undefined;
}

/** How resources of a template are declared. */
interface DeclareOptions {
  readonly environment: Environment;
  readonly base: Scope;
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly ignoreUnsupported: readonly string[];
}

/**
 * Declared resources by logical id, in the template's order. Reports unknown conditions, and unsupported types that are
 * not among those to ignore.
 */
export function declaredResources(
  template: Template,
  { environment, base, types, ignoreUnsupported }: DeclareOptions,
): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  const unsupported: { logicalId: string; name: string }[] = [];
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (!isPresent(logicalId, resource, base)) continue;
    const isIgnored = isIgnoredType(resource.Type, { types, ignoreUnsupported });
    const type = isIgnored ? ignoredType(resource.Type) : types.get(resource.Type);
    if (type === undefined) unsupported.push({ logicalId, name: resource.Type });
    const rules = type?.handling === 'supported' ? type : {};
    declared.set(logicalId, {
      logicalId,
      environment,
      resource,
      type,
      physicalName: physicalName(environment.stackName, logicalId, rules),
    });
  }
  const names = [...new Set(unsupported.map(({ name }) => name))];
  const [only] = names.length === 1 ? names : [];
  const remedy =
    only === undefined
      ? ''
      : ` Leave the resource out, or start the runtime with --ignore-unsupported ${only}: ` +
        'then it is not created, and references to it give placeholders.';
  for (const { logicalId, name } of unsupported) {
    const message = `the local runtime does not know ${name} (docs/feature-support.md lists what runs).${remedy}`;
    base.problem('UnsupportedResource', logicalId, message);
  }
  return declared;
}

/** Whether resources of a type are left out because the caller says so. Inert ones do nothing anyway. */
export function isIgnoredType(
  name: string,
  { types, ignoreUnsupported }: Pick<DeclareOptions, 'types' | 'ignoreUnsupported'>,
): boolean {
  return ignoreUnsupported.includes(name) && types.get(name)?.handling !== 'inert';
}

/** The options that leave out all resources of several unsupported types. Undefined for fewer. */
export function remedyForTypes(declared: ReadonlyMap<string, Declared>): string | undefined {
  const names = new Set(
    [...declared.values()].flatMap(({ type, resource }) => (type === undefined ? [resource.Type] : [])),
  );
  if (names.size < 2) return undefined;
  const options = [...names].map((name) => `--ignore-unsupported ${name}`).join(' ');
  return `To run without the resources of these types, with placeholders where they are referred to: ${options}`;
}

function isPresent(logicalId: string, resource: TemplateResource, base: Scope): boolean {
  if (resource.Condition === undefined) return true;
  const holds = base.condition(resource.Condition);
  if (holds === undefined) {
    base.problem('UnresolvedReference', `${logicalId}.Condition`, `there is no condition ${resource.Condition}.`);
  }
  return holds ?? false;
}

/**
 * The value of `Ref` (no attribute) or `Fn::GetAtt` before the resource exists: the final value of an inert resource, a
 * placeholder for a real one. Undefined when the type has no such attribute.
 */
export function foreseenValue(declared: Declared, attribute?: string): Json | undefined {
  const { type, logicalId } = declared;
  if (type?.handling === 'inert') {
    const { ref, attributes } = type.identify(declared, attribute);
    if (attribute === undefined) return ref;
    return Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  }
  if (attribute === undefined) return declared.physicalName;
  if (type !== undefined && !type.attributes.includes(attribute)) return undefined;
  return attribute.endsWith('Arn') ? foreseenArn(declared, attribute) : `${logicalId}.${attribute}`;
}

/** Templates take ARNs apart, that of a table's stream by its slashes. */
function foreseenArn({ logicalId, physicalName, environment }: Declared, attribute: string): string {
  const { partition, region, accountId } = environment;
  return `arn:${partition}:${logicalId}:${region}:${accountId}:${physicalName}/${physicalName}/${attribute}/${attribute}`;
}
