import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { baseScope, type GivenValues } from './base-scope.ts';
import { checkFrame } from './check-frame.ts';
import { conditionEvaluator } from './conditions.ts';
import { type Declared, declaredResources, foreseenValue, isIgnoredType, remedyForTypes } from './declared.ts';
import { type Problem, TemplateError } from './errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { type IgnoredResource, IgnoredResources } from './ignored.ts';
import { type InertPart, InertParts } from './inert.ts';
import { dependencyOrder } from './order.ts';
import type {
  CreatedResource,
  Environment,
  InertType,
  ResourceIdentity,
  ResourceType,
  SupportedResourceType,
} from './resource-type.ts';
import { checkRules } from './rules.ts';
import { support } from './support.ts';
import type { Template, TemplateResource } from './template.ts';

/** Created resources by logical id. */
export type CreatedResources = ReadonlyMap<string, CreatedResource>;

/** Values that other stacks export, by the name of the export. */
export type ImportedValues = ReadonlyMap<string, string>;

/** An `Fn::ImportValue` that the runtime needs. */
export interface StackImport {
  /** Name of the export. */
  name: string;
  /** Logical id and path of the place. */
  at: string;
}

/** What happens to a resource that its stack has no more. */
export interface ResourcePolicies {
  deletionPolicy: 'Delete' | 'Retain' | 'RetainExceptOnCreate';
  updateReplacePolicy: 'Delete' | 'Retain';
}

/** A resource that does nothing here. */
export interface InertResource extends ResourceIdentity, ResourcePolicies {
  type: InertType;
  /** As the template has them: what they refer to may not exist here. */
  properties: JsonObject;
}

/** A resource to create. Everything is known except values of resources that do not exist yet. */
export interface ResolvedResource extends ResourceIdentity, ResourcePolicies {
  type: SupportedResourceType;
  /**
   * Logical ids of the resources that must exist first: those it refers to, those in `DependsOn`, and for a resource
   * that is created last all others.
   */
  dependencies: ReadonlySet<string>;
  /**
   * The properties with every function resolved. `created` must hold the dependencies, `imported` what the template
   * imports (default: nothing).
   */
  properties(created: CreatedResources, imported?: ImportedValues): JsonObject;
  /** Placeholders for what the resource will be known by, as of another resource for another `physicalName`. */
  foreseen(physicalName: string): CreatedResource;
}

/** One output of a stack, with its value resolved. */
export interface StackOutput {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
}

/** A template that can run. */
export interface ResolvedTemplate {
  environment: Environment;
  /** The resources to create, each after its dependencies, without those whose condition is false. */
  resources: readonly ResolvedResource[];
  /** The parts that do nothing locally. */
  inert: readonly InertPart[];
  /** The resources of unsupported types that are ignored because the caller says so. */
  ignored: readonly IgnoredResource[];
  /** The resources of types that do nothing locally. */
  inertResources: readonly InertResource[];
  /** What it imports from other stacks, without the imports of inert parts. Not checked: see link-stacks.ts. */
  imports: readonly StackImport[];
  /** The stack's outputs. `created` must hold every resource, `imported` what the template imports. */
  outputs(created: CreatedResources, imported?: ImportedValues): StackOutput[];
}

export interface ResolveOptions extends GivenValues {
  readonly environment: Environment;
  /** Types (`AWS::ECS::Cluster`) whose resources are left out. Default: none. */
  readonly ignoreUnsupported?: readonly string[];
  /** The types that the template may hold. Default: all that the runtime has. */
  readonly types?: ReadonlyMap<string, ResourceType>;
}

/**
 * Resolves a template and checks, before anything is created, that all of it can run: every function resolves, every
 * type and property is supported, and no dependencies form a cycle. Throws {@link TemplateError} with all problems.
 */
export function resolveTemplate(template: Template, options: ResolveOptions): ResolvedTemplate {
  const { environment, types = support, ignoreUnsupported = [] } = options;
  const problems: Problem[] = [];
  const base = baseScope(template, environment, options, (kind, at, message, awsMessage) => {
    const known = problems.some((problem) => problem.at === at && problem.message === message);
    if (!known) problems.push({ kind, at, message, ...(awsMessage !== undefined && { awsMessage }) });
  });
  base.condition = conditionEvaluator(template.Conditions, base);
  const imports: StackImport[] = [];
  // The name stands for the value, which another stack has.
  const foreseeImport: Scope['imported'] = (name, at) => {
    imports.push({ name, at });
    return name;
  };

  checkFrame(template, base.problem);
  checkRules(template, base, options);
  const declared = declaredResources(template, { environment, base, types, ignoreUnsupported });
  const ignored = new IgnoredResources(declared.values(), (type) => !isIgnoredType(type, { types, ignoreUnsupported }));
  const foresee: Lookup = (logicalId, attribute) => {
    const resource = declared.get(logicalId);
    return resource && foreseenValue(resource, attribute);
  };

  const references = new Map<string, Set<string>>();
  const inert = new InertParts();
  for (const { logicalId, type, resource } of declared.values()) {
    if (type?.handling === 'inert' && !ignored.has(logicalId)) inert.add(logicalId, type, {});
    if (type?.handling !== 'supported') continue;
    const referred = new Set([resource.DependsOn ?? []].flat());
    references.set(logicalId, referred);
    const before = problems.length;
    const scope = {
      ...base,
      imported: foreseeImport,
      resource: (id: string, attribute?: string) => {
        referred.add(id);
        const value = foresee(id, attribute);
        ignored.note(logicalId, id, attribute, value);
        return value;
      },
    };
    const properties = evaluateProperties(resource, logicalId, scope);
    inert.add(logicalId, type, properties);
    // An unresolved reference leaves placeholder values, which must not be checked.
    if (problems.length === before) problems.push(...type.check(logicalId, properties));
  }
  const ofOutputs: Lookup = (id, attribute) => {
    const value = foresee(id, attribute);
    ignored.note('Outputs', id, attribute, value);
    return value;
  };
  evaluateOutputs(template, { ...base, imported: foreseeImport, resource: ofOutputs });
  const dependencies = dependenciesFrom(references, declared);
  const { order, cycles } = dependencyOrder(dependencies);
  for (const cycle of cycles) {
    base.problem(
      'DependencyCycle',
      cycle[0] ?? '',
      `resources depend on each other: ${cycle.join(' → ')}.`,
      `Circular dependency between resources: [${[...new Set(cycle)].join(', ')}]`,
    );
  }
  if (problems.length > 0) throw new TemplateError(environment.stackName, problems, remedyForTypes(declared));

  const over = (created: CreatedResources, imported: ImportedValues = new Map()): Scope => ({
    ...base,
    imported: (name) => imported.get(name),
    resource(id, attribute) {
      if (declared.get(id)?.type?.handling === 'inert') return foresee(id, attribute);
      const resource = created.get(id);
      if (resource === undefined) return undefined;
      return attribute === undefined ? resource.ref : resource.attributes[attribute];
    },
    problem: (kind, at, message) => {
      throw new TemplateError(environment.stackName, [{ kind, at, message }]);
    },
  });
  return {
    environment,
    resources: order.flatMap((id) => {
      const found = declared.get(id);
      if (found?.type?.handling !== 'supported') return [];
      const { resource, type, logicalId, physicalName } = found;
      return {
        logicalId,
        physicalName,
        environment,
        type,
        ...policiesOf(resource),
        dependencies: dependencies.get(id) ?? new Set(),
        properties: (created, imported) => evaluateProperties(resource, logicalId, over(created, imported)),
        foreseen: (name) => foreseenResource({ ...found, physicalName: name }, type.attributes),
      };
    }),
    inertResources: [...declared.values()].flatMap(({ resource, type, ...identity }) =>
      type?.handling === 'inert'
        ? { ...identity, type, ...policiesOf(resource), properties: resource.Properties ?? {} }
        : [],
    ),
    inert: inert.list,
    ignored: ignored.list,
    imports,
    outputs: (created, imported) => evaluateOutputs(template, over(created, imported)),
  };
}

/** Their values are checked by checkFrame. */
function policiesOf({ DeletionPolicy, UpdateReplacePolicy }: TemplateResource): ResourcePolicies {
  return {
    deletionPolicy:
      DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate' ? DeletionPolicy : 'Delete',
    updateReplacePolicy: UpdateReplacePolicy === 'Retain' ? UpdateReplacePolicy : 'Delete',
  };
}

function foreseenResource(declared: Declared, attributes: readonly string[]): CreatedResource {
  return {
    ref: declared.physicalName,
    attributes: Object.fromEntries(attributes.map((name) => [name, String(foreseenValue(declared, name) ?? '')])),
  };
}

type Lookup = (logicalId: string, attribute?: string) => Json | undefined;

/**
 * The dependencies of each supported resource. Inert resources are left out: their values are known. A resource that is
 * created last depends on all that neither are, nor refer to one, as its alarms do.
 */
function dependenciesFrom(
  references: ReadonlyMap<string, ReadonlySet<string>>,
  declared: ReadonlyMap<string, Declared>,
): Map<string, Set<string>> {
  const isLast = (id: string) => {
    const type = declared.get(id)?.type;
    return type?.handling === 'supported' && type.createLast;
  };
  const late = new Set([...references.keys()].filter(isLast));
  for (const id of late) {
    for (const [other, referred] of references) if (referred.has(id)) late.add(other);
  }
  const early = [...references.keys()].filter((id) => !late.has(id));
  return new Map(
    [...references].map(([id, referred]) => [
      id,
      new Set([...[...referred].filter((other) => references.has(other)), ...(isLast(id) ? early : [])]),
    ]),
  );
}

function evaluateProperties(resource: TemplateResource, logicalId: string, scope: Scope): JsonObject {
  const properties = evaluate(resource.Properties ?? {}, scope, logicalId);
  return isJsonObject(properties) ? properties : {};
}

function evaluateOutputs(template: Template, scope: Scope): StackOutput[] {
  const text = (expression: Json, at: string, over = scope): string => {
    const value = evaluate(expression, over, at);
    return typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  };
  // As on AWS, the name of an export is known before any resource is.
  const ofNames: Scope = { ...scope, resource: () => undefined, imported: () => undefined };
  return Object.entries(template.Outputs).flatMap(([key, output]) => {
    const holds = output.Condition === undefined ? true : scope.condition(output.Condition);
    if (!holds) return [];
    return {
      key,
      value: text(output.Value, `Outputs.${key}`),
      ...(output.Description === undefined ? {} : { description: output.Description }),
      ...(output.Export === undefined
        ? {}
        : { exportName: text(output.Export.Name, `Outputs.${key}.Export.Name`, ofNames) }),
    };
  });
}
