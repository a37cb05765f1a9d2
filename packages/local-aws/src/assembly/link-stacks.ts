import { baseScope } from './base-scope.ts';
import { conditionEvaluator } from './conditions.ts';
import { AssemblyError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { dependencyOrder } from './order.ts';
import { type Assembly, chooseStacks } from './read-assembly.ts';
import { type ResolvedTemplate, resolveTemplate, type StackImport } from './resolve-template.ts';
import type { Environment } from './resource-type.ts';

/** Where the stacks of an app run, and which do. */
export interface StackTarget {
  environment: Omit<Environment, 'stackName'>;
  /** Names of stacks. Default: all of the app. */
  stacks?: readonly string[] | undefined;
  /** Types that are ignored if the runtime does not support them. Default: none. */
  ignoreUnsupported?: readonly string[];
}

/** A stack that can run beside the others. */
export interface LinkedStack {
  assembly: Assembly;
  template: ResolvedTemplate;
}

/**
 * Resolves the templates of the stacks that run together, each after those that it needs or imports from. Throws
 * {@link AssemblyError} for a stack that is unknown or chosen without one that it needs, a name that no stack or that
 * two export, and stacks that import from each other. Throws TemplateError for a template that cannot run.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export function linkStacks(app: readonly Assembly[], target: StackTarget): LinkedStack[] {
  const { environment, stacks, ignoreUnsupported = [] } = target;
  const chosen = chooseStacks(app, stacks);
  for (const { stackName, needs } of chosen) requireStacks(stackName, needs, chosen);
  const linked = chosen.map((assembly) => ({
    assembly,
    template: resolveTemplate(assembly.template, {
      environment: { ...environment, stackName: assembly.stackName },
      ignoreUnsupported,
    }),
  }));
  const exporters = exportersOf(chosen, environment);
  const leftOut = app.filter((assembly) => !chosen.includes(assembly));

  const exporterOf = (stackName: string, { name, at }: StackImport): string => {
    const exporter = exporters.get(name);
    if (exporter !== undefined) return exporter;
    const needed = leftOut.find((assembly) => exportNames(assembly, environment).includes(name));
    if (needed !== undefined) requireStacks(stackName, [needed.stackName], chosen);
    throw new AssemblyError(`Stack ${stackName}, ${at}: No export named ${name} found.`);
  };
  const dependencies = new Map(
    linked.map(({ assembly: { stackName, needs }, template }) => [
      stackName,
      new Set([...needs, ...template.imports.map((each) => exporterOf(stackName, each))]),
    ]),
  );
  const { order, cycles } = dependencyOrder(dependencies);
  const [cycle] = cycles;
  if (cycle !== undefined) {
    throw new AssemblyError(`Stacks import from each other, so none can be the first: ${cycle.join(' → ')}.`);
  }
  return order.flatMap((name) => linked.filter(({ assembly }) => assembly.stackName === name));
}

function requireStacks(stackName: string, needed: readonly string[], chosen: readonly Assembly[]): void {
  const names = chosen.map((each) => each.stackName);
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new AssemblyError(
    `Stack ${stackName} needs ${missing.join(', ')}, which is not among the chosen stacks. ` +
      `Choose it too: ${[...missing, ...names].join(',')}.`,
  );
}

/** The name of the stack behind each export. Throws {@link AssemblyError} when two stacks export one name. */
function exportersOf(
  assemblies: readonly Assembly[],
  environment: StackTarget['environment'],
): ReadonlyMap<string, string> {
  const exporters = new Map<string, string>();
  for (const assembly of assemblies) {
    for (const name of exportNames(assembly, environment)) {
      const other = exporters.get(name);
      if (other !== undefined) {
        throw new AssemblyError(
          `Stack ${assembly.stackName}: Export with name ${name} is already exported by stack ${other}.`,
        );
      }
      exporters.set(name, assembly.stackName);
    }
  }
  return exporters;
}

/** The names are known before any resource is. Problems of a template are for resolveTemplate to report. */
function exportNames({ template, stackName }: Assembly, environment: StackTarget['environment']): string[] {
  const scope = baseScope(template, { ...environment, stackName }, {}, () => {});
  scope.condition = conditionEvaluator(template.Conditions, scope);
  return Object.entries(template.Outputs).flatMap(([key, { Export, Condition }]) => {
    const isLeftOut = Condition !== undefined && !scope.condition(Condition);
    return Export === undefined || isLeftOut ? [] : String(evaluate(Export.Name, scope, key));
  });
}
