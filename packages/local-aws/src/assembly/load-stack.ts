import { StackLoadError } from './errors.ts';
import type { ImportedValues, ResolvedResource, ResolvedTemplate, StackOutput } from './resolve-template.ts';
import type { CreatedResource, LoadContext } from './resource-type.ts';

/** A loaded stack: all its resources exist. */
export interface LoadedStack {
  stackName: string;
  outputs: StackOutput[];
  /** Created resources by logical id, without inert ones. */
  created: ReadonlyMap<string, CreatedResource>;
}

/**
 * Creates every resource of a template through the AWS API, each as soon as its dependencies exist. A resource from an
 * earlier run is kept if it matches the template. `imported` has the values that the template imports. Throws
 * {@link StackLoadError} with every resource that failed. Their dependents are not created, and created resources stay.
 */
export async function loadStack(
  template: ResolvedTemplate,
  context: LoadContext,
  imported: ImportedValues = new Map(),
): Promise<LoadedStack> {
  const created = new Map<string, CreatedResource>();
  const failed = new Map<string, Error>();
  const started = new Map<string, Promise<boolean>>();

  const create = async (resource: ResolvedResource): Promise<boolean> => {
    // Dependencies come first in the order, so their creation has been started.
    const dependencies = await Promise.all([...resource.dependencies].map((id) => started.get(id)));
    if (!dependencies.every(Boolean)) return false;
    try {
      const properties = resource.properties(created, imported);
      const given = properties[resource.type.nameProperty];
      const identity = { ...resource, physicalName: typeof given === 'string' ? given : resource.physicalName };
      created.set(resource.logicalId, await resource.type.create(identity, properties, context));
      return true;
    } catch (error) {
      failed.set(resource.logicalId, describeFailure(resource, error));
      return false;
    }
  };
  for (const resource of template.resources) started.set(resource.logicalId, create(resource));
  await Promise.all(started.values());

  const { stackName } = template.environment;
  // In the template's order: the order of answers varies.
  const failures = template.resources.flatMap(({ logicalId }) => failed.get(logicalId) ?? []);
  if (failures.length > 0) throw new StackLoadError(stackName, failures);
  return { stackName, outputs: template.outputs(created, imported), created };
}

function describeFailure({ logicalId, type }: ResolvedResource, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`${logicalId} (${type.type}): ${String(error)}`);
  const named = error.message.startsWith(logicalId)
    ? error.message
    : `${logicalId} (${type.type}): ${error.name}: ${error.message}`;
  return new Error(named, { cause: error });
}
