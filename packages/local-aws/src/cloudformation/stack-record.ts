import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { z } from 'zod';
import type { Asset } from '../assembly/read-assembly.ts';
import type { DeletionPolicy, ResourceStatus, Stack, StackEvent, StackResource, StackStatus } from './stack.ts';

/** Events of a stack that are kept, the newest. */
const MAX_EVENTS = 1_000;

/** A resource with what its stack needs to know to change or delete it. */
export interface ResourceRecord extends StackResource {
  /** Tells it from another of the same name: a replacement has a new one. */
  readonly uid: string;
  /** Logical ids of what must exist before it. */
  readonly dependencies: readonly string[];
  readonly updateReplacePolicy: DeletionPolicy;
  /** Whether it existed before the stack did: a rollback keeps it. */
  readonly isAdopted: boolean;
  /** The properties that it has, where a client has changed it past its stack. The stack's are in `properties`. */
  readonly drifted?: JsonObject;
}

/** A resource that exists and is no part of the stack's template any more. */
export interface DisplacedResource {
  readonly resource: ResourceRecord;
  /** Whether its policy says that it stays. */
  readonly isKept: boolean;
}

/**
 * A stack with the operation that runs. What exists of it at any moment is in `resources` and `displaced`; `before` is
 * where a rollback of an update leads.
 */
export interface StackRecord extends Omit<Mutable<Stack>, 'resources'> {
  /** By logical id. */
  resources: Map<string, ResourceRecord>;
  displaced: readonly DisplacedResource[];
  /** The resources of the last state without a failure. Undefined while no update runs or has failed. */
  before?: readonly ResourceRecord[];
  /** Oldest first. */
  events: StackEvent[];
  /** Whether it is a stack of the app that the runtime was started with. */
  isApp: boolean;
  /** Files by object key, of the cloud assembly that it came from. */
  assets: Readonly<Record<string, Asset>>;
  /** Logical ids that the deletion keeps. */
  retain: readonly string[];
  clientRequestToken?: string | undefined;
  /** Of the operation that runs, or ran last: whether its rollback deletes what shall be retained. */
  retainExceptOnCreate?: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The stack without what only the engine knows. */
export function stackOf(record: StackRecord): Stack {
  const { resources, displaced, before, events, isApp, assets, retain, clientRequestToken, ...rest } = record;
  const { retainExceptOnCreate, ...stack } = rest;
  return {
    ...stack,
    resources: [...resources.values()].map(
      ({ uid, dependencies, updateReplacePolicy, isAdopted, drifted, ...resource }) => resource,
    ),
  };
}

/** The properties that a resource has, whoever gave it them. */
export function actualProperties({ drifted, properties }: ResourceRecord): JsonObject {
  return drifted ?? properties;
}

/** A resource with the properties that it has now, beside those that its stack says. */
export function withActualProperties(resource: ResourceRecord, actual: JsonObject): ResourceRecord {
  const { drifted: _, ...rest } = resource;
  return isDeepStrictEqual(actual, rest.properties) ? rest : { ...rest, drifted: actual };
}

/** Whether a resource is there, as far as its record knows. */
export function stands({ status }: ResourceRecord): boolean {
  return status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED';
}

/**
 * Adds an event about a resource, or about the stack itself. Clients sort events by their time, so each is at least a
 * millisecond after the one before.
 */
export function addEvent(
  record: StackRecord,
  of: { random: Random; atMs: number; resource?: ResourceRecord; reason?: string | undefined },
): void {
  const { resource, reason, random } = of;
  const atMs = Math.max(of.atMs, (record.events.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) + 1);
  const about =
    resource === undefined
      ? { logicalId: record.name, physicalId: record.id, type: 'AWS::CloudFormation::Stack', status: record.status }
      : { logicalId: resource.logicalId, physicalId: resource.ref, type: resource.type, status: resource.status };
  record.events.push({
    eventId: random.uuid(),
    ...about,
    atMs,
    ...(reason !== undefined && { reason }),
    ...(record.clientRequestToken !== undefined && { clientRequestToken: record.clientRequestToken }),
  });
  if (record.events.length > MAX_EVENTS) record.events.splice(0, record.events.length - MAX_EVENTS);
}

const jsonObject = z.custom<JsonObject>(isJsonObject, 'expected an object');
const texts = z.record(z.string(), z.string());
const list = z.array(z.string());
// A status of another version is not refused: what is unknown is treated as a failure is.
const stackStatus = z.custom<StackStatus>((value) => typeof value === 'string', 'expected a status');
const resourceStatus = z.custom<ResourceStatus>((value) => typeof value === 'string', 'expected a status');
const policy = z.enum(['Delete', 'Retain', 'RetainExceptOnCreate']);

const resource = z.object({
  logicalId: z.string(),
  uid: z.string(),
  type: z.string(),
  physicalName: z.string(),
  ref: z.string(),
  attributes: texts,
  properties: jsonObject,
  deletionPolicy: policy,
  updateReplacePolicy: policy,
  status: resourceStatus,
  statusReason: z.string().exactOptional(),
  updatedAtMs: z.number(),
  dependencies: list,
  isAdopted: z.boolean(),
  drifted: jsonObject.exactOptional(),
});

const event = z.object({
  eventId: z.string(),
  logicalId: z.string(),
  physicalId: z.string(),
  type: z.string(),
  status: z.union([stackStatus, resourceStatus]),
  reason: z.string().exactOptional(),
  atMs: z.number(),
  clientRequestToken: z.string().exactOptional(),
});

const output = z.object({
  key: z.string(),
  value: z.string(),
  description: z.string().exactOptional(),
  exportName: z.string().exactOptional(),
});

/** The file of a stack. */
export const stackFileSchema: z.ZodType<StackRecord> = z.object({
  id: z.string(),
  name: z.string(),
  status: stackStatus,
  statusReason: z.string().exactOptional(),
  description: z.string().exactOptional(),
  templateText: z.string(),
  parameters: texts,
  tags: texts,
  capabilities: list,
  outputs: z.array(output),
  resources: z.array(resource).transform((all) => new Map(all.map((each) => [each.logicalId, each]))),
  displaced: z.array(z.object({ resource, isKept: z.boolean() })),
  before: z.array(resource).exactOptional(),
  events: z.array(event),
  createdAtMs: z.number(),
  updatedAtMs: z.number().exactOptional(),
  deletedAtMs: z.number().exactOptional(),
  disableRollback: z.boolean(),
  terminationProtection: z.boolean(),
  roleArn: z.string().exactOptional(),
  isApp: z.boolean(),
  imports: list,
  assets: z.record(z.string(), z.object({ path: z.string(), packaging: z.enum(['zip', 'file']) })),
  retain: list,
  clientRequestToken: z.string().optional(),
  retainExceptOnCreate: z.boolean().exactOptional(),
});
