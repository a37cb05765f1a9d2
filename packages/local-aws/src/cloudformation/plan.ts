import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type {
  CreatedResources,
  ImportedValues,
  InertResource,
  ResolvedResource,
  ResolvedTemplate,
} from '../assembly/resolve-template.ts';
import type { CreatedResource } from '../assembly/resource-type.ts';
import type { ResourceChange } from './stack.ts';
import { actualProperties, type ResourceRecord, stands } from './stack-record.ts';

/** A resource as a template wants it. */
export type WantedResource = ResolvedResource | InertResource;

/** Every resource of a template, those without effect here first. */
export function wantedResources({ resources, inertResources }: ResolvedTemplate): WantedResource[] {
  return [...inertResources, ...resources];
}

/** Logical ids of what must exist before a resource. */
export function dependenciesOf(wanted: WantedResource): ReadonlySet<string> {
  return 'dependencies' in wanted ? wanted.dependencies : new Set();
}

/** The properties with every function resolved; those of a resource without effect as the template has them. */
export function propertiesOf(wanted: WantedResource, created: CreatedResources, imported: ImportedValues): JsonObject {
  return typeof wanted.properties === 'function' ? wanted.properties(created, imported) : wanted.properties;
}

/** What is to be done so that a resource is as it is wanted. */
export type Step =
  | { readonly kind: 'create' }
  /** Another one is created in its place. `isRenamed`: the template gives it another name. */
  | { readonly kind: 'replace'; readonly existing: ResourceRecord; readonly isRenamed: boolean }
  | { readonly kind: 'update'; readonly existing: ResourceRecord }
  | { readonly kind: 'keep'; readonly existing: ResourceRecord };

/** How a resource is compared with what it shall be. */
export interface Comparison {
  /** Whether a resource is changed that a client has changed past its stack. */
  readonly revertsDrift: boolean;
}

/** Clients change functions with Lambda's own API, as the CDK's hotswap does, which no stack is told. */
const DRIFTS_UNSEEN = 'AWS::Lambda::Function';

/** Compares a resource as it is stored with the properties that it shall have. */
export function stepFor(
  wanted: WantedResource,
  existing: ResourceRecord | undefined,
  properties: JsonObject,
  { revertsDrift }: Comparison,
): Step {
  const { type } = wanted;
  if (existing === undefined || existing.ref === '' || !stands(existing)) return { kind: 'create' };
  if (existing.type !== type.type) return { kind: 'replace', existing, isRenamed: false };
  const isDrifted = revertsDrift && (existing.drifted !== undefined || type.type === DRIFTS_UNSEEN);
  const isSame = isDeepStrictEqual(existing.properties, properties) && !isDrifted;
  // A change that failed or was interrupted may have had its effect or not.
  if (isSame && existing.status !== 'UPDATE_FAILED' && existing.status !== 'UPDATE_IN_PROGRESS') {
    return { kind: 'keep', existing };
  }
  if (type.handling === 'inert') return { kind: 'update', existing };
  const name = type.givenName(properties);
  const isRenamed = name !== type.givenName(existing.properties) && name !== existing.physicalName;
  // Properties that an earlier version of the runtime stored may not be comparable.
  const isComparable = type.check(wanted.logicalId, existing.properties).length === 0;
  return isRenamed || (isComparable && type.replaces(existing.properties, properties))
    ? { kind: 'replace', existing, isRenamed }
    : { kind: 'update', existing };
}

/** Changes of a template's resources, with what the resources will be known by as far as that can be foreseen. */
export interface PlannedResources {
  readonly changes: readonly ResourceChange[];
  readonly foreseen: CreatedResources;
}

/**
 * What would happen to the resources of a stack. References to resources that stay have their values, others
 * placeholders, so that what depends on them counts as changed. Changes nothing.
 */
export function planResources(
  wanted: readonly WantedResource[],
  existing: ReadonlyMap<string, ResourceRecord>,
  imported: ImportedValues,
  comparison: Comparison,
): PlannedResources {
  const foreseen = new Map<string, CreatedResource>();
  // As if nothing that exists were replaced: what is replaced even so is replaced for certain.
  const unreplaced = new Map<string, CreatedResource>();
  const changes: ResourceChange[] = [];
  for (const each of wanted) {
    const { logicalId, type } = each;
    const found = existing.get(logicalId);
    const properties = propertiesOf(each, foreseen, imported);
    const step = stepFor(each, found, properties, comparison);
    const known = step.kind === 'create' ? foresee(each, each.physicalName) : withForeseen(each, step.existing);
    unreplaced.set(logicalId, known);
    foreseen.set(logicalId, step.kind === 'replace' ? foresee(each, `${each.physicalName}-replacement`) : known);
    switch (step.kind) {
      case 'create':
        changes.push({ action: 'Add', logicalId, type: type.type, properties: [], changesTags: false });
        break;
      case 'replace': {
        const certain = stepFor(each, found, propertiesOf(each, unreplaced, imported), comparison);
        changes.push({
          ...modification(each, step.existing, properties, comparison),
          replacement: certain.kind === 'replace' ? 'True' : 'Conditional',
          policyAction: each.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete',
        });
        break;
      }
      case 'update':
        changes.push({ ...modification(each, step.existing, properties, comparison), replacement: 'False' });
        break;
      case 'keep':
        break;
      default:
        step satisfies never;
    }
  }
  const ids = new Set(wanted.map(({ logicalId }) => logicalId));
  for (const { logicalId, ref, type, deletionPolicy } of [...existing.values()].filter(stands)) {
    if (ids.has(logicalId)) continue;
    changes.push({
      action: 'Remove',
      logicalId,
      physicalId: ref,
      type,
      policyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
      properties: [],
      changesTags: false,
    });
  }
  return { changes, foreseen };
}

function foresee(wanted: WantedResource, physicalName: string): CreatedResource {
  return 'foreseen' in wanted ? wanted.foreseen(physicalName) : wanted.type.identify({ ...wanted, physicalName });
}

/** An update may give a resource attributes that it did not have, such as the stream of a table. */
function withForeseen(wanted: WantedResource, { ref, attributes }: ResourceRecord): CreatedResource {
  return { ref, attributes: { ...foresee(wanted, wanted.physicalName).attributes, ...attributes } };
}

function modification(
  { logicalId, type }: WantedResource,
  existing: ResourceRecord,
  properties: JsonObject,
  { revertsDrift }: Comparison,
): Omit<ResourceChange, 'replacement'> & { action: 'Modify' } {
  const before = revertsDrift ? actualProperties(existing) : existing.properties;
  const names = new Set([...Object.keys(before), ...Object.keys(properties)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(before[name], properties[name])).sort();
  const creates = type.handling === 'inert' ? [] : [type.nameProperty, ...type.createOnly];
  const recreates = (name: string) => {
    if (creates.includes(name)) return 'Always';
    return creates.some((path) => path.startsWith(`${name}.`)) ? 'Conditionally' : 'Never';
  };
  return {
    action: 'Modify',
    logicalId,
    physicalId: existing.ref,
    type: type.type,
    properties: changed.filter((name) => name !== 'Tags').map((name) => ({ name, recreates: recreates(name) })),
    changesTags: changed.includes('Tags'),
  };
}
