import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import type { Problem, ProblemKind } from './errors.ts';
import { takePaths } from './property-paths.ts';
import type { Asset } from './read-assembly.ts';

/** Where a stack runs, as the pseudo parameters (`AWS::Region`, …) tell it. */
export interface Environment {
  stackName: string;
  region: string;
  /** Twelve digits. */
  accountId: string;
  partition: string;
  urlSuffix: string;
}

export interface ResourceIdentity {
  logicalId: string;
  /** `<stack>-<logical id>`; when it is created, the name that its properties give it, if they do. */
  physicalName: string;
  environment: Environment;
}

/** What `Ref` and `Fn::GetAtt` give for a resource that exists. */
export interface CreatedResource {
  ref: string;
  attributes: Readonly<Record<string, string>>;
}

/** What it takes to create resources: an AWS client and the assembly's files, no more. */
export interface LoadContext {
  clients: AwsClients;
  clock: Clock;
  assets: ReadonlyMap<string, Asset>;
  /** Shards of a stream in on-demand mode, which AWS chooses itself; at least 1. */
  shardsPerOnDemandStream: number;
}

/** A resource type that exists locally and works. Made by {@link resourceType}. */
export interface RealType {
  handling: 'real';
  type: string;
  /** The property that names the resource, else it is called `<stack>-<logical id>`. */
  nameProperty: string;
  nameMaxLength: number;
  /** S3 wants its names in lower case. */
  lowerCaseName: boolean;
  /** Attributes that `Fn::GetAtt` may ask for. */
  attributes: readonly string[];
  /**
   * By property path, what is accepted and changes nothing here, and why. A path covers everything below it; `[]` is
   * any element.
   */
  inert: Readonly<Record<string, string>>;
  /** Property paths the runtime honours, as people read them. */
  honoured: readonly string[];
  /** Created after every resource that is not: its work starts at once and reaches everywhere. */
  createLast: boolean;
  /** Every property that is neither honoured nor inert, or has a value that is not supported. */
  check(logicalId: string, properties: JsonObject): Problem[];
  /**
   * Creates the resource through AWS's API, or keeps the one that is there when it is the same. Returns when it is
   * usable.
   */
  create(identity: ResourceIdentity, properties: JsonObject, context: LoadContext): Promise<CreatedResource>;
}

/** A resource type that is accepted and does nothing locally. Others may still refer to it. */
export interface InertType {
  handling: 'inert';
  type: string;
  /** Why nothing is missed, or what is. */
  reason: string;
  identify(identity: ResourceIdentity): CreatedResource;
}

export type ResourceType = RealType | InertType;

interface Definition<Schema extends z.ZodType> {
  type: string;
  nameProperty: string;
  nameMaxLength: number;
  lowerCaseName?: boolean;
  attributes: readonly string[];
  /**
   * A strict object: what it names is what the runtime honours, and a key it does not name is an `UnsupportedProperty`.
   */
  schema: Schema;
  inert: Readonly<Record<string, string>>;
  createLast?: boolean;
  create(identity: ResourceIdentity, properties: z.infer<Schema>, context: LoadContext): Promise<CreatedResource>;
}

/** Makes a {@link RealType} whose property list, check and typed properties all come from one schema. */
export function resourceType<Schema extends z.ZodType>(definition: Definition<Schema>): RealType {
  const { schema, inert, create, ...rest } = definition;
  return {
    handling: 'real',
    lowerCaseName: false,
    createLast: false,
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

/** `KeySchema[].KeyType`, `Environment.Variables.*`: every place where a schema takes a value. */
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
