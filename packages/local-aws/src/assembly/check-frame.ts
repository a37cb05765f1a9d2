import type { Scope } from './evaluate.ts';
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

/** What the CDK puts into every template to check its bootstrap stack, which there is none of here. */
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';

/** The policies among them say what happens on deletion and replacement, and no stack is deleted here. */
const RESOURCE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]);

/**
 * Reports every section, rule and resource attribute that would be ignored, and every name in `DependsOn` that does not
 * exist.
 */
export function checkFrame(template: Template, report: Scope['problem']): void {
  for (const section of Object.keys(template)) {
    if (SECTIONS.has(section)) continue;
    report('UnsupportedSection', section, 'the local runtime does not read this section of a template.');
  }
  for (const rule of Object.keys(template.Rules)) {
    if (rule === BOOTSTRAP_RULE) continue;
    report('UnsupportedSection', `Rules.${rule}`, 'the local runtime does not check rules.');
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
    for (const name of [resource.DependsOn ?? []].flat()) {
      if (Object.hasOwn(template.Resources, name)) continue;
      report('UnresolvedReference', `${logicalId}.DependsOn`, `there is no ${name} in this template.`);
    }
  }
}
