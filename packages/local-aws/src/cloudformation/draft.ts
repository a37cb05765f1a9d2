import { isDeepStrictEqual } from 'node:util';
import { type ResolvedTemplate, type ResolveOptions, resolveTemplate } from '../assembly/resolve-template.ts';
import type { Template } from '../assembly/template.ts';
import type { GivenParameter } from './input.ts';
import { parameterValues } from './parameter-values.ts';
import { planResources, type WantedResource, wantedResources } from './plan.ts';
import type { StackInput, StackPlan, StackStatus } from './stack.ts';
import { exportsOf, refuseChangedExports, refuseDuplicateExports } from './stack-exports.ts';
import { checkStackName } from './stack-name.ts';
import { type ResourceRecord, type StackRecord, stands } from './stack-record.ts';
import type { StackGoal, StackParts } from './stack-run.ts';
import { cannotBeUpdated, checkUpdatable, isBusy } from './stack-status.ts';
import { parseTemplateText } from './template-text.ts';
import { validationError } from './validation-error.ts';

/** In these nothing of the stack stands, or its creation never ended. */
const UNCREATED: readonly StackStatus[] = ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'];

/** What a draft is made with. */
export interface DraftParts extends Pick<StackParts, 'store' | 'environment' | 'types' | 'random'> {
  /** How templates are resolved, beside what belongs to a stack. */
  readonly resolving?: Omit<ResolveOptions, 'environment' | 'parameters' | 'types'>;
  /** Every stack that is not deleted, without the one of a name. */
  others(name: string): readonly StackRecord[];
}

/** A stack that an operation is about, with what it shall become. */
export interface Draft {
  readonly input: StackInput;
  readonly record: StackRecord | undefined;
  readonly id: string;
  readonly isCreation: boolean;
  /** Whether the runtime deploys it for its app, which may change more than the API may. */
  readonly isApp: boolean;
  readonly resolved: ResolvedTemplate;
  readonly goal: StackGoal;
  /** The other stacks, when it is called. */
  others(): readonly StackRecord[];
}

/** Resolves a template over the stack as it is. Throws for what can neither be created nor updated. */
export function draftStack(input: StackInput, parts: DraftParts, { isApp }: { isApp: boolean }): Draft {
  const { name, adopt = false, isAccountEmpty = false, revertsDrift = false } = input;
  checkStackName(name);
  const { store, environment, types, random, resolving } = parts;
  const record = store.named(name);
  if (record !== undefined) {
    if (!isApp) checkUpdatable(record);
    else if (isBusy(record.status)) throw cannotBeUpdated(record);
  }
  const { partition, region, accountId } = environment;
  const id =
    record?.id ?? input.id ?? `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/${random.uuid()}`;
  const template = parseTemplateText(input.templateText);
  const { Description: description } = template;
  const given = input.parameters ?? {};
  const parameters = isApp ? withDefaults(template, given) : parameterValues(template, asGiven(given), {});
  const resolved = resolveTemplate(template, {
    ...resolving,
    environment: { ...environment, stackName: name, stackId: id },
    parameters,
    types,
  });
  const others = () => parts.others(name);
  const imported = exportsOf(others());
  const imports = [...new Set(resolved.imports.map((each) => each.name))];
  const missing = imports.find((each) => !imported.has(each));
  if (missing !== undefined) throw validationError(`No export named ${missing} found.`);
  return {
    ...{ input, record, id, isApp, resolved, others },
    isCreation: record === undefined || UNCREATED.includes(record.status),
    goal: {
      wanted: wantedResources(resolved),
      imported,
      outputs: (created) => {
        const outputs = resolved.outputs(created, imported);
        refuseDuplicateExports(outputs, others());
        // The stacks of an app that import an export are updated after it.
        if (record !== undefined && !isApp) refuseChangedExports(record.outputs, outputs, others());
        return outputs;
      },
      adopt,
      isAccountEmpty,
      revertsDrift,
      disableRollback: input.disableRollback ?? false,
      stored: {
        ...{ templateText: input.templateText, parameters, imports, assets: assetsOf(input) },
        ...(description !== undefined && { description }),
        tags: input.tags ?? record?.tags ?? {},
        capabilities: input.capabilities ?? [],
        ...(input.roleArn !== undefined && { roleArn: input.roleArn }),
      },
    },
  };
}

/** What the deployment of a draft would do. Changes nothing. Throws for what an update may not change. */
export function planDraft({ record, goal, resolved, isCreation, isApp, others }: Draft): StackPlan {
  const existing = record?.resources ?? new Map();
  if (!isApp) refuseChangedTypes(goal.wanted, existing);
  const { changes, foreseen } = planResources(goal.wanted, existing, goal.imported, goal);
  const outputs = resolved.outputs(foreseen, goal.imported);
  refuseDuplicateExports(outputs, others());
  const { tags, description } = goal.stored;
  const changesStack =
    record === undefined ||
    !isDeepStrictEqual(outputs, record.outputs) ||
    !isDeepStrictEqual(tags, record.tags) ||
    description !== record.description ||
    goal.wanted.some(({ logicalId, deletionPolicy, updateReplacePolicy }) => {
      const found = existing.get(logicalId);
      return found?.deletionPolicy !== deletionPolicy || found?.updateReplacePolicy !== updateReplacePolicy;
    });
  return { isCreation, changes, changesStack };
}

/** Whether a deployment would be refused, since there is nothing to do. */
export function changesNothing({ isCreation, changes, changesStack }: StackPlan): boolean {
  return !isCreation && changes.length === 0 && !changesStack;
}

/** Files by object key, as they are stored. */
export function assetsOf({ assets }: StackInput): StackRecord['assets'] {
  return Object.fromEntries(assets ?? []);
}

function refuseChangedTypes(wanted: readonly WantedResource[], existing: ReadonlyMap<string, ResourceRecord>): void {
  const changed = wanted.filter(({ logicalId, type }) => {
    const found = existing.get(logicalId);
    return found !== undefined && stands(found) && found.type !== type.type;
  });
  if (changed.length === 0) return;
  const ids = changed.map(({ logicalId }) => logicalId).join(', ');
  throw validationError(
    'Update of resource type is not permitted. The new template modifies resource type of the following ' +
      `resources: [${ids}]`,
  );
}

function asGiven(values: Readonly<Record<string, string>>): GivenParameter[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

/** The values of all parameters that have one. */
function withDefaults(
  { Parameters }: Pick<Template, 'Parameters'>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const defaults = Object.entries(Parameters).flatMap(([name, { Default: value }]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
