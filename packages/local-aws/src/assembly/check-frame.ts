import { type Scope, unresolvedDependency } from './evaluate.ts';
import type { Template } from './template.ts';

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Resources',
  'Parameters',
  'Mappings',
  'Conditions',
  'Outputs',
  'Rules',
]);

const RESOURCE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]);

/** No type that runs here has snapshots, and AWS refuses the policy for those that have none. */
const policiesOf = {
  DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate'],
  UpdateReplacePolicy: ['Delete', 'Retain'],
} as const;

/**
 * Reports every section and resource attribute that the runtime does not honour, and every unknown name in
 * `DependsOn`.
 */
export function checkFrame(template: Template, report: Scope['problem']): void {
  for (const section of Object.keys(template)) {
    if (SECTIONS.has(section)) continue;
    report('UnsupportedSection', section, 'the local runtime does not read this section of a template.');
  }
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    for (const attribute of Object.keys(resource)) {
      if (RESOURCE_ATTRIBUTES.has(attribute)) continue;
      report(
        'UnsupportedProperty',
        `${logicalId}.${attribute}`,
        'the local runtime does not honour this resource attribute.',
      );
    }
    for (const attribute of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
      const policy = resource[attribute];
      const known: readonly string[] = policiesOf[attribute];
      if (policy === undefined || known.includes(policy)) continue;
      report('InvalidProperty', `${logicalId}.${attribute}`, `expected ${known.join(' or ')}, and got ${policy}.`);
    }
    for (const name of [resource.DependsOn ?? []].flat()) {
      if (Object.hasOwn(template.Resources, name)) continue;
      const at = `${logicalId}.DependsOn`;
      report('UnresolvedReference', at, `there is no ${name} in this template.`, unresolvedDependency(name, at));
    }
  }
}
