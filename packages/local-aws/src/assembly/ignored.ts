import type { Json } from '@tweet-pipes/kit/json';
import type { InertType, ResourceIdentity, ResourceType } from './resource-type.ts';

/** A resource of an unsupported type that is not created, because the caller ignores the type. */
export interface IgnoredResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** `AWS::ECS::Cluster` */
  readonly type: string;
  /** What refers to it and gets a placeholder. Resources with none miss nothing but the resource itself. */
  readonly references: readonly IgnoredReference[];
}

/** One reference to an ignored resource. */
export interface IgnoredReference {
  /** Logical id of the resource that refers to it; `Outputs` for the stack's outputs. */
  readonly by: string;
  /** `Cluster` for Ref, `Cluster.Arn` for an attribute. */
  readonly expression: string;
  readonly placeholder: string;
}

/** A type of which nothing is known: nothing is created, every attribute has a placeholder that names the resource. */
export function ignoredType(type: string): InertType {
  return {
    handling: 'inert',
    type,
    reason: 'not supported, and ignored as the caller says (ignoreUnsupported)',
    identify: (identity, attribute) => ({
      ref: `${identity.physicalName}-ignored`,
      attributes: attribute === undefined ? {} : { [attribute]: placeholderOf(identity, attribute) },
    }),
  };
}

/** Templates take ARNs apart, so that of an ignored resource has parts. */
function placeholderOf({ physicalName, environment }: ResourceIdentity, attribute: string): string {
  const { partition, region, accountId } = environment;
  if (!attribute.endsWith('Arn')) return `${physicalName}-ignored.${attribute}`;
  return `arn:${partition}:ignored:${region}:${accountId}:${physicalName}/${physicalName}/${attribute}`;
}

type DeclaredResource = ResourceIdentity & { readonly type: ResourceType | undefined };

/** Collects the ignored resources of a stack and what refers to them. */
export class IgnoredResources {
  readonly #references = new Map<string, Map<string, IgnoredReference>>();
  readonly #resources: readonly DeclaredResource[];

  constructor(declared: Iterable<DeclaredResource>, isSupported: (type: string) => boolean) {
    this.#resources = [...declared].filter(({ type }) => type !== undefined && !isSupported(type.type));
    for (const { logicalId } of this.#resources) this.#references.set(logicalId, new Map());
  }

  has(logicalId: string): boolean {
    return this.#references.has(logicalId);
  }

  /** Notes that `by` refers to a resource, if that is ignored. */
  note(by: string, logicalId: string, attribute: string | undefined, placeholder: Json | undefined): void {
    const expression = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    const reference = { by, expression, placeholder: String(placeholder) };
    this.#references.get(logicalId)?.set(`${by} ${expression}`, reference);
  }

  /** In the order of the template. */
  get list(): IgnoredResource[] {
    return this.#resources.map(({ logicalId, type, environment }) => ({
      stackName: environment.stackName,
      logicalId,
      type: type?.type ?? '',
      references: [...(this.#references.get(logicalId)?.values() ?? [])],
    }));
  }
}

/** One line for people about an ignored resource: what is missing. */
export function describeIgnored({ stackName, logicalId, type, references }: IgnoredResource): string {
  const uses = references.map(({ by, expression, placeholder }) => `${by} gets "${placeholder}" for ${expression}`);
  const effect = uses.length === 0 ? 'Nothing refers to it' : uses.join('; ');
  return `Ignored: ${type} ${logicalId} of ${stackName} is not created (--ignore-unsupported). ${effect}.`;
}
