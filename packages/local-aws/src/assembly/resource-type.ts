import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import type { Problem, ProblemKind } from './errors.ts';
import { takePaths } from './property-paths.ts';
import type { Asset } from './read-assembly.ts';

/** The values of the pseudo parameters (`AWS::Region`, …). */
export interface Environment {
  stackName: string;
  region: string;
  /** Twelve digits. */
  accountId: string;
  partition: string;
  urlSuffix: string;
}

/** The names of a resource. */
export interface ResourceIdentity {
  logicalId: string;
  /** The name in its properties, if known, else `<stack>-<logical id>`. */
  physicalName: string;
  environment: Environment;
}

/** The values of `Ref` and `Fn::GetAtt` for an existing resource. */
export interface CreatedResource {
  ref: string;
  attributes: Readonly<Record<string, string>>;
}

/** What the creation of resources needs: AWS clients, the clock and the assembly's files. */
export interface LoadContext {
  clients: AwsClients;
  clock: Clock;
  assets: ReadonlyMap<string, Asset>;
  /** Shards of a stream in on-demand mode, at least 1. AWS chooses the number itself. */
  shardsPerOnDemandStream: number;
}

/** A resource type that works locally. Created by {@link resourceType}. */
export interface SupportedResourceType {
  handling: 'supported';
  type: string;
  /** The property with the resource's name. */
  nameProperty: string;
  nameMaxLength: number;
  /** Whether names must be lower case, as for S3. */
  lowerCaseName: boolean;
  /** Attributes that `Fn::GetAtt` may ask for. */
  attributes: readonly string[];
  /**
   * Properties that are accepted and have no effect: the reason by property path. A path covers everything below it;
   * `[]` is any element.
   */
  inert: Readonly<Record<string, string>>;
  /** What does something here, but not what it does on AWS: the reason by name. */
  standIns(properties: JsonObject): Readonly<Record<string, string>>;
  /** Property paths that the runtime honours. */
  honoured: readonly string[];
  /** Whether it is created after all other resources, as a pipe: it starts to work at once. */
  createLast: boolean;
  /** Reports properties that are neither honoured nor inert, and unsupported values. */
  check(logicalId: string, properties: JsonObject): Problem[];
  /**
   * Creates the resource through the AWS API, or keeps an existing one that matches. Returns when it is usable. Throws
   * `ShapeDiffers` for an existing one that does not match.
   */
  create(identity: ResourceIdentity, properties: JsonObject, context: LoadContext): Promise<CreatedResource>;
}

/** A resource type that is accepted and does nothing locally. Other resources may refer to it. */
export interface InertType {
  handling: 'inert';
  type: string;
  /** Why it does nothing, and what is missing. */
  reason: string;
  identify(identity: ResourceIdentity): CreatedResource;
}

export type ResourceType = SupportedResourceType | InertType;

interface Definition<Schema extends z.ZodType> {
  type: string;
  nameProperty: string;
  nameMaxLength: number;
  lowerCaseName?: boolean;
  attributes: readonly string[];
  /**
   * A strict object with the properties that the runtime honours. Any other key is an `UnsupportedProperty`.
   */
  schema: Schema;
  inert: Readonly<Record<string, string>>;
  standIns?(properties: JsonObject): Readonly<Record<string, string>>;
  createLast?: boolean;
  create(identity: ResourceIdentity, properties: z.infer<Schema>, context: LoadContext): Promise<CreatedResource>;
}

/** Creates a {@link SupportedResourceType}. Its property list, check and typed properties come from one schema. */
export function resourceType<Schema extends z.ZodType>(definition: Definition<Schema>): SupportedResourceType {
  const { schema, inert, create, ...rest } = definition;
  return {
    handling: 'supported',
    lowerCaseName: false,
    createLast: false,
    standIns: () => ({}),
    ...rest,
    inert,
    honoured: leafPaths(z.toJSONSchema(schema, { io: 'input' })),
    check(logicalId, properties) {
      const parsed = schema.safeParse(takePaths(properties, Object.keys(inert)).rest);
      return parsed.success ? [] : parsed.error.issues.flatMap((issue) => problems(logicalId, definition.type, issue));
    },
    create: (identity, properties, context) =>
      create(identity, schema.parse(takePaths(properties, Object.keys(inert)).rest), context),
  };
}

function problems(logicalId: string, type: string, issue: z.core.$ZodIssue): Problem[] {
  const at = (path: readonly PropertyKey[]) => [logicalId, ...path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      kind: 'UnsupportedProperty',
      at: at([...issue.path, key]),
      message: `the local runtime does not honour this property of ${type}. Leave it out, or see docs/feature-support.md for what runs.`,
    }));
  }
  const kind: ProblemKind =
    issue.code === 'custom' && issue.params?.unresolved ? 'UnresolvedReference' : 'UnsupportedProperty';
  return [{ kind, at: at(issue.path), message: `${issue.message}.` }];
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The paths where a schema takes a value: `KeySchema[].KeyType`, `Environment.Variables.*`. */
function leafPaths(schema: JsonSchema, path = ''): string[] {
  const below = (child: JsonSchema | boolean | undefined, step: string) =>
    leafPaths(
      typeof child === 'object' ? child : {},
      path === '' || step === '[]' ? `${path}${step}` : `${path}.${step}`,
    );
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, child]) => below(child, key));
  }
  if (schema.type === 'array') return below(Array.isArray(schema.items) ? undefined : schema.items, '[]');
  if (schema.type === 'object') return below(undefined, '*');
  return [path];
}
