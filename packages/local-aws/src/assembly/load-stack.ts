import { StackLoadError } from './errors.ts';
import type { ResolvedResource, ResolvedTemplate, StackOutput } from './resolve-template.ts';
import type { CreatedResource, LoadContext } from './resource-type.ts';

/** A stack whose resources all exist. */
export interface LoadedStack {
  stackName: string;
  outputs: StackOutput[];
  /** By logical id; inert resources are not among them. */
  created: ReadonlyMap<string, CreatedResource>;
}

/**
 * Creates every resource of a template as any AWS client would, each as soon as what it depends on exists. What is in
 * the data folder from an earlier run is kept when it is what the template describes. Throws {@link StackLoadError}
 * with every resource that failed; what depends on one of them is not tried, and what was created stays.
 */
export async function loadStack(template: ResolvedTemplate, context: LoadContext): Promise<LoadedStack> {
  const created = new Map<string, CreatedResource>();
  const failed = new Map<string, Error>();
  const started = new Map<string, Promise<boolean>>();

  const create = async (resource: ResolvedResource): Promise<boolean> => {
    // The order of resources guarantees that all of these have been started.
    const dependencies = await Promise.all([...resource.dependencies].map((id) => started.get(id)));
    if (!dependencies.every(Boolean)) return false;
    try {
      const properties = resource.properties(created);
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
  // In the template's order: which call is answered first is chance.
  const failures = template.resources.flatMap(({ logicalId }) => failed.get(logicalId) ?? []);
  if (failures.length > 0) throw new StackLoadError(stackName, failures);
  return { stackName, outputs: template.outputs(created), created };
}

function describeFailure({ logicalId, type }: ResolvedResource, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`${logicalId} (${type.type}): ${String(error)}`);
  const named = error.message.startsWith(logicalId)
    ? error.message
    : `${logicalId} (${type.type}): ${error.name}: ${error.message}`;
  return new Error(named, { cause: error });
}
