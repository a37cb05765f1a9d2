import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { ignoredType } from '../assembly/ignored.ts';
import type { CreatedResources, ImportedValues } from '../assembly/resolve-template.ts';
import type {
  CreatedResource,
  Environment,
  ExistingResource,
  LoadContext,
  ResourceIdentity,
  ResourceType,
} from '../assembly/resource-type.ts';
import { type Comparison, dependenciesOf, propertiesOf, type Step, stepFor, type WantedResource } from './plan.ts';
import { type NameRules, type ResourceName, ResourceNames } from './resource-names.ts';
import type { ResourceStatus, RollbackOptions, StackEvent, StackOutputValue, StackStatus } from './stack.ts';
import {
  actualProperties,
  addEvent,
  type ResourceRecord,
  type StackRecord,
  stands,
  withActualProperties,
} from './stack-record.ts';
import { USER_INITIATED } from './stack-status.ts';
import type { StackStore } from './stack-store.ts';
import { walk } from './walk.ts';

const CANCELLED = 'cancelled';

/** Why a resource is not finished where another has failed meanwhile, as its event says. */
const CANCELLATION = { CREATE: 'Resource creation cancelled', UPDATE: 'Resource update cancelled' } as const;

/** Whether an event says that a resource was cancelled, and not that it failed itself. */
export function isCancellation({ reason }: StackEvent): boolean {
  return reason === CANCELLATION.CREATE || reason === CANCELLATION.UPDATE;
}

/** Tells the status that a resource has now. */
type Tell = (resource: ResourceRecord, status: ResourceStatus, reason?: string) => void;

/** What operations on stacks share. */
export interface StackParts {
  readonly store: Pick<StackStore, 'all' | 'named' | 'find' | 'save'>;
  readonly types: ReadonlyMap<string, ResourceType>;
  /** Not before the first operation. */
  context(): Omit<LoadContext, 'assets'>;
  readonly environment: Omit<Environment, 'stackName' | 'stackId'>;
  readonly random: Random;
}

/** What a stack shall become. */
export interface StackGoal extends Comparison, NameRules {
  /** Each after those that it depends on. */
  readonly wanted: readonly WantedResource[];
  readonly imported: ImportedValues;
  /** Throws for outputs that cannot be, such as a second export of a name. */
  outputs(created: CreatedResources): StackOutputValue[];
  readonly disableRollback: boolean;
  /** What is stored of the stack itself once the resources are as they shall be. */
  readonly stored: StoredWithStack;
}

/** What a stack has beside its resources, as the operation wants it. */
export interface StoredWithStack extends Partial<StackRecord> {
  readonly description?: string;
}

/** A resource that has another in its place. */
export interface Replacement {
  readonly logicalId: string;
  readonly type: string;
  readonly oldRef: string;
  readonly newRef: string;
  /** Whether the old one stays, with what it holds. */
  readonly isKept: boolean;
}

/**
 * One operation on one stack, from the state that its record has. The record is on disk before each call that creates
 * or changes something, so that whatever interrupts the operation, the next start knows what may exist.
 */
export class StackRun {
  readonly record: StackRecord;
  /** Resources that were replaced so far. */
  readonly replacements: Replacement[] = [];
  readonly #parts: StackParts;
  readonly #context: LoadContext;
  readonly #names: ResourceNames;
  readonly #isRestoring: boolean;
  readonly #created = new Map<string, CreatedResource>();
  #isCancelled = false;
  #isChanged = false;
  /** What a client has ended the operation for. */
  #endedFor: 'rollback' | 'deletion' | undefined;

  /**
   * `isRestoring`: the services that keep nothing on disk have not got the stack's resources yet, as at the start of a
   * runtime. Then everything that stays is created again on the way.
   */
  constructor(parts: StackParts, record: StackRecord, { isRestoring }: { isRestoring: boolean }) {
    this.#parts = parts;
    this.record = record;
    this.#isRestoring = isRestoring;
    this.#context = { ...parts.context(), assets: new Map(Object.entries(record.assets)) };
    this.#names = new ResourceNames(parts, this.#context);
  }

  /** Begins nothing more. What is being made is finished, then the update is rolled back. */
  cancel(): void {
    this.#endedFor = 'rollback';
    this.#isCancelled = true;
  }

  /** Begins nothing more, and leaves the stack to its deletion once what is being made is finished. */
  giveUp(): void {
    this.#endedFor = 'deletion';
    this.#isCancelled = true;
  }

  /** Sets the status of the stack, with its event, and saves it. The deletion sets that of one that is given up. */
  async setStatus(status: StackStatus, reason?: string): Promise<void> {
    if (this.#endedFor === 'deletion') return;
    const { record } = this;
    record.status = status;
    delete record.statusReason;
    if (reason !== undefined) record.statusReason = reason;
    addEvent(record, { random: this.#parts.random, atMs: this.#context.clock.now(), reason });
    await this.#save();
  }

  /**
   * Makes the stack what it shall be. A failure rolls back, unless the goal says otherwise. Returns what failed by
   * logical id; an output that cannot be has the name of the stack. Rejects with errors of the disk alone.
   */
  async deploy(goal: StackGoal, { isCreation }: { isCreation: boolean }): Promise<ReadonlyMap<string, unknown>> {
    const failures = new Map(await this.#createAndUpdate(goal));
    if (this.#endedFor === 'deletion') return failures;
    this.#isCancelled = false;
    if (this.#endedFor === 'rollback') {
      await this.rollBackUpdate(USER_INITIATED);
      return failures;
    }
    let reason = this.#reasonOf(failures);
    if (reason === undefined) {
      try {
        this.record.outputs = goal.outputs(this.#created);
      } catch (error) {
        reason = sentence(error);
        failures.set(this.record.name, error);
      }
    }
    if (reason === undefined) await this.#complete(goal, isCreation);
    else if (goal.disableRollback) await this.setStatus(isCreation ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason);
    else if (isCreation) await this.rollBackCreation(`${reason} Rollback requested by user.`);
    else await this.rollBackUpdate(reason);
    return failures;
  }

  /**
   * Makes the resources stand as the goal has them, where the plan has no change. Resources whose references turn out
   * to have other values are updated. Returns what failed by logical id.
   */
  async restoreAs(goal: StackGoal): Promise<ReadonlyMap<string, unknown>> {
    const failures = await this.#createAndUpdate({ ...goal, disableRollback: true });
    if (failures.size > 0) return failures;
    const outputs = goal.outputs(this.#created);
    const isSame = isDeepStrictEqual(outputs, this.record.outputs);
    store(this.record, { ...goal.stored, outputs });
    if (this.#isChanged || !isSame) await this.#save();
    return failures;
  }

  /** Makes the resources stand as they are stored. Returns what failed by logical id. */
  async restore(): Promise<ReadonlyMap<string, unknown>> {
    const standing = [...this.record.resources.values()].filter((each) => each.ref !== '' && stands(each));
    const failures = await walk(standing, {
      idOf: ({ logicalId }) => logicalId,
      before: ({ dependencies }) => dependencies,
      visit: async (each) => void (await this.#keep(each)),
      keepGoing: true,
    });
    if (this.#isChanged) await this.#save();
    return failures;
  }

  /** Deletes what a creation made. */
  async rollBackCreation(reason: string): Promise<void> {
    await this.setStatus('ROLLBACK_IN_PROGRESS', reason);
    const failed = await this.#removeAll((resource) => this.#outlivesRollback(resource));
    if (failed.length > 0) return this.setStatus('ROLLBACK_FAILED', failedToDelete(failed));
    this.record.outputs = [];
    await this.setStatus('ROLLBACK_COMPLETE');
  }

  /** Sets every resource back to what it was before the update, and deletes what the update made. */
  async rollBackUpdate(reason: string, { skip = [], isForced = false }: RollbackOptions = {}): Promise<void> {
    const { record } = this;
    const before = record.before ?? [];
    await this.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const failed = await walk(before, {
      idOf: ({ logicalId }) => logicalId,
      before: ({ dependencies }) => dependencies,
      visit: async (each) => {
        if (skip.includes(each.logicalId)) return this.#leave(each);
        try {
          await this.#setBack(each);
        } catch (error) {
          this.#note(record.resources.get(each.logicalId) ?? each, 'UPDATE_FAILED', sentence(error));
          if (!isForced) throw error;
          this.#leave(each);
        }
      },
      keepGoing: true,
    });
    if (failed.size > 0) {
      return this.setStatus(
        'UPDATE_ROLLBACK_FAILED',
        `The following resource(s) failed to update: [${[...failed.keys()].join(', ')}].`,
      );
    }
    const ids = new Set(before.map(({ logicalId }) => logicalId));
    for (const each of record.resources.values()) if (!ids.has(each.logicalId)) this.#displaceNew(each);
    record.resources = new Map(
      before.flatMap(({ logicalId }) => {
        const resource = record.resources.get(logicalId);
        return resource === undefined ? [] : [[logicalId, resource] as const];
      }),
    );
    delete record.before;
    await this.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.finishCleanup('UPDATE_ROLLBACK_COMPLETE');
  }

  /** Deletes what has been displaced, as far as its policy says so, and sets the status. */
  async finishCleanup(status: StackStatus): Promise<void> {
    const { record } = this;
    await walk(record.displaced, {
      idOf: ({ resource: { uid } }) => uid,
      before: ({ resource: { logicalId } }) =>
        record.displaced.flatMap(({ resource }) => (resource.dependencies.includes(logicalId) ? resource.uid : [])),
      visit: async ({ resource, isKept }) => {
        if (isKept) await this.#skip(resource, (kept, status) => this.#tell(kept, status));
        // One that could not be deleted is left behind, as on AWS.
        else await this.#delete(resource, (gone, status, reason) => this.#tell(gone, status, reason)).catch(() => {});
        record.displaced = record.displaced.filter((each) => each.resource.uid !== resource.uid);
      },
      keepGoing: true,
    });
    await this.setStatus(status);
  }

  /**
   * Deletes every resource, those apart that their policy or the request keeps. `creation`: what was given up for it.
   */
  async remove(creation?: Promise<unknown>): Promise<void> {
    const { record } = this;
    await this.setStatus('DELETE_IN_PROGRESS', USER_INITIATED);
    await creation;
    const failed = await this.#removeAll(
      ({ deletionPolicy, logicalId }) => deletionPolicy !== 'Delete' || record.retain.includes(logicalId),
    );
    if (failed.length > 0) return this.setStatus('DELETE_FAILED', failedToDelete(failed));
    record.deletedAtMs = this.#context.clock.now();
    delete record.before;
    await this.setStatus('DELETE_COMPLETE');
  }

  /** Gives one resource other properties than the stack's, which stay. Throws what its service does. */
  async change(existing: ResourceRecord, properties: JsonObject): Promise<void> {
    const type = this.#typeOf(existing);
    const made =
      type.handling === 'supported'
        ? await type.update(this.#existing(existing), properties, this.#context)
        : knownOf(existing);
    this.record.resources.set(existing.logicalId, withActualProperties({ ...existing, ...made }, properties));
    await this.#save();
  }

  async #createAndUpdate(goal: StackGoal): Promise<ReadonlyMap<string, unknown>> {
    return walk(goal.wanted, {
      idOf: ({ logicalId }) => logicalId,
      before: dependenciesOf,
      visit: async (wanted) => {
        if (this.#isCancelled) throw CANCELLED;
        try {
          this.#created.set(wanted.logicalId, await this.#settle(wanted, goal));
        } catch (error) {
          if (error !== CANCELLED) {
            this.#fail(wanted, sentence(error));
            this.#isCancelled ||= !goal.disableRollback;
          }
          throw error;
        }
      },
      keepGoing: goal.disableRollback,
    });
  }

  /** Creates, changes, replaces or keeps a resource. */
  async #settle(wanted: WantedResource, goal: StackGoal): Promise<CreatedResource> {
    const { record } = this;
    const existing = record.resources.get(wanted.logicalId);
    const properties = propertiesOf(wanted, this.#created, goal.imported);
    const step = stepFor(wanted, existing, properties, goal);
    switch (step.kind) {
      case 'keep': {
        const { deletionPolicy, updateReplacePolicy } = wanted;
        const kept = {
          ...step.existing,
          deletionPolicy,
          updateReplacePolicy,
          dependencies: [...dependenciesOf(wanted)],
        };
        if (!isDeepStrictEqual(kept, step.existing)) this.#isChanged = true;
        record.resources.set(wanted.logicalId, kept);
        return this.#isRestoring ? this.#keep(kept) : kept;
      }
      case 'update':
        return this.#update(step.existing, { ...partsOf(wanted), properties });
      case 'create':
        return this.#create(wanted, properties, await this.#names.ofNew(wanted, properties, existing, goal), 'CREATE');
      case 'replace':
        return this.#replace(wanted, properties, step, goal);
      default:
        return step satisfies never;
    }
  }

  async #create(
    wanted: WantedResource,
    properties: JsonObject,
    { physicalName, isAdopted }: ResourceName,
    action: 'CREATE' | 'UPDATE',
    uid = this.#parts.random.uuid(),
  ): Promise<CreatedResource> {
    const resource: ResourceRecord = {
      ...partsOf(wanted),
      ...{ uid, physicalName, isAdopted, properties, ref: '', attributes: {} },
      status: `${action}_IN_PROGRESS`,
      updatedAtMs: this.#context.clock.now(),
    };
    const reason = action === 'UPDATE' ? REPLACES : undefined;
    this.#note(resource, resource.status, reason);
    if (wanted.type.handling === 'supported') await this.#save();
    const made = { ...resource, ...(await this.#make(resource)) };
    this.#tell(made, resource.status, 'Resource creation Initiated');
    return this.#done(made, action);
  }

  async #update(existing: ResourceRecord, after: Partial<ResourceRecord>): Promise<CreatedResource> {
    const type = this.#typeOf(existing);
    const properties = after.properties ?? existing.properties;
    this.#note(existing, 'UPDATE_IN_PROGRESS');
    if (type.handling === 'supported') await this.#save();
    const { drifted: _, ...changed } = { ...existing, ...after };
    const made =
      type.handling !== 'supported' ||
      // What keeps nothing on disk is not there yet.
      (this.#isRestoring && !(await type.exists(this.#identityOf(existing), properties, this.#context)))
        ? await this.#make(changed)
        : await type.update(this.#existing(existing), properties, this.#context);
    return this.#done({ ...changed, ...made }, 'UPDATE');
  }

  /** Notes the end of a creation or update: as cancelled, where another resource has failed meanwhile. */
  #done(resource: ResourceRecord, action: 'CREATE' | 'UPDATE'): CreatedResource {
    if (!this.#isCancelled) {
      this.#note(resource, `${action}_COMPLETE`);
      return resource;
    }
    this.#note(resource, `${action}_FAILED`, CANCELLATION[action]);
    throw CANCELLED;
  }

  async #replace(
    wanted: WantedResource,
    properties: JsonObject,
    { existing, isRenamed }: Extract<Step, { kind: 'replace' }>,
    goal: StackGoal,
  ): Promise<CreatedResource> {
    const { record } = this;
    const name = await this.#names.ofReplacement(wanted, properties, isRenamed, goal);
    const isKept = wanted.updateReplacePolicy === 'Retain';
    record.displaced = [...record.displaced, { resource: existing, isKept }];
    const made = await this.#create(wanted, properties, name, 'UPDATE');
    const { logicalId, type, ref: oldRef } = existing;
    this.replacements.push({ logicalId, type, oldRef, newRef: made.ref, isKept });
    return made;
  }

  /** Makes a resource stand that is stored, as it is stored; one of the app as the app says. */
  async #keep(stored: ResourceRecord): Promise<CreatedResource> {
    const { drifted, ...undrifted } = stored;
    const isSetBack = drifted !== undefined && this.record.isApp;
    const resource = isSetBack ? undrifted : stored;
    if (isSetBack) {
      this.#isChanged = true;
      this.record.resources.set(resource.logicalId, resource);
    }
    const made = await this.#make(resource);
    const { ref, attributes } = resource;
    if (!isDeepStrictEqual({ ref: made.ref, attributes: made.attributes }, { ref, attributes })) {
      this.#isChanged = true;
      this.record.resources.set(resource.logicalId, { ...resource, ...made });
    }
    return made;
  }

  /** Sets a resource back to what it was before an update. */
  async #setBack(old: ResourceRecord): Promise<void> {
    const { record } = this;
    const present = record.resources.get(old.logicalId);
    if (present?.uid === old.uid) {
      const isTouched =
        present.status !== old.status ||
        !isDeepStrictEqual(present.properties, old.properties) ||
        !isDeepStrictEqual(present.drifted, old.drifted);
      if (isTouched) return void (await this.#update(present, { ...old, ...knownOf(present) }));
      record.resources.set(old.logicalId, { ...old, ...knownOf(present) });
    } else {
      if (present !== undefined) this.#displaceNew(present);
      record.displaced = record.displaced.filter(({ resource }) => resource.uid !== old.uid);
      this.#note(old, 'UPDATE_COMPLETE');
    }
    if (this.#isRestoring) await this.#keep(record.resources.get(old.logicalId) ?? old);
  }

  /** Leaves a resource as it is in a rollback: it has drifted from what its stack says. */
  #leave(old: ResourceRecord): void {
    const present = this.record.resources.get(old.logicalId);
    const known = present?.uid === old.uid ? present : old;
    const left = withActualProperties({ ...old, ...knownOf(known) }, actualProperties(known));
    this.#note(left, 'UPDATE_COMPLETE', SKIPPED);
  }

  /** A rollback deletes what the operation has created. */
  #displaceNew(resource: ResourceRecord): void {
    this.record.displaced = [...this.record.displaced, { resource, isKept: this.#outlivesRollback(resource) }];
  }

  #outlivesRollback({ isAdopted, deletionPolicy }: ResourceRecord): boolean {
    return isAdopted || (deletionPolicy === 'Retain' && !this.record.retainExceptOnCreate);
  }

  async #complete(goal: StackGoal, isCreation: boolean): Promise<void> {
    const { record } = this;
    const ids = goal.wanted.map(({ logicalId }) => logicalId);
    for (const resource of record.resources.values()) {
      if (ids.includes(resource.logicalId) || !stands(resource)) continue;
      record.displaced = [...record.displaced, { resource, isKept: resource.deletionPolicy !== 'Delete' }];
    }
    record.resources = new Map(
      ids.flatMap((id) => {
        const resource = record.resources.get(id);
        return resource === undefined ? [] : [[id, resource] as const];
      }),
    );
    delete record.before;
    store(record, goal.stored);
    if (isCreation) return this.finishCleanup('CREATE_COMPLETE');
    record.updatedAtMs = this.#context.clock.now();
    await this.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.finishCleanup('UPDATE_COMPLETE');
  }

  /** Deletes all resources, those that come last first. Returns the logical ids of those that cannot be deleted. */
  async #removeAll(isKept: (resource: ResourceRecord) => boolean): Promise<string[]> {
    const { record } = this;
    const displaced = new Map(record.displaced.map(({ resource, isKept }) => [resource.uid, isKept]));
    const all = [...[...record.resources.values()].filter(stands), ...record.displaced.map(({ resource }) => resource)];
    const failed = await walk(all, {
      idOf: ({ uid }) => uid,
      before: ({ logicalId }) => all.flatMap(({ uid, dependencies }) => (dependencies.includes(logicalId) ? uid : [])),
      visit: async (resource) => {
        const isDisplaced = displaced.has(resource.uid);
        const tell: Tell = (about, status, reason) =>
          isDisplaced ? this.#tell(about, status, reason) : this.#note(about, status, reason);
        if (displaced.get(resource.uid) ?? isKept(resource)) await this.#skip(resource, tell);
        else await this.#delete(resource, tell);
        record.displaced = record.displaced.filter((each) => each.resource.uid !== resource.uid);
      },
      keepGoing: true,
    });
    return all.flatMap(({ uid, logicalId }) => (failed.has(uid) ? logicalId : []));
  }

  async #delete(resource: ResourceRecord, tell: Tell): Promise<void> {
    tell(resource, 'DELETE_IN_PROGRESS');
    try {
      await this.#destroy(resource);
    } catch (error) {
      tell(resource, 'DELETE_FAILED', sentence(error));
      throw error;
    }
    tell(resource, 'DELETE_COMPLETE');
  }

  /** Leaves a resource behind as it is, if it is there. */
  async #skip(resource: ResourceRecord, tell: Tell): Promise<void> {
    if (resource.ref !== '') tell(resource, 'DELETE_SKIPPED');
    else if (await this.#isThere(resource)) tell({ ...resource, ref: resource.physicalName }, 'DELETE_SKIPPED');
    else tell(resource, 'DELETE_COMPLETE');
  }

  async #destroy(resource: ResourceRecord): Promise<void> {
    const type = this.#typeOf(resource);
    if (type.handling !== 'supported' || this.#isInPlaceOf(resource)) return;
    const known = await this.#known(resource);
    if (known === undefined) return;
    if (this.#isRestoring && resource.ref !== '') {
      // Services delete what they keep on disk of a resource only if they know the resource. A pipe must not run again:
      // its role may have the rights of the one that replaces it.
      const properties = type.atRest(actualProperties(resource));
      await type.create(this.#identityOf(resource), properties, this.#context).catch(() => {});
    }
    await type.delete({ ...this.#existing(resource), ...known }, this.#context);
  }

  /**
   * What a resource is known by. Where its creation failed or was interrupted, it may be there or not: undefined if
   * not, else a second creation tells.
   */
  async #known(resource: ResourceRecord): Promise<CreatedResource | undefined> {
    if (resource.ref !== '') return knownOf(resource);
    if (!(await this.#isThere(resource))) return undefined;
    return this.#make(resource).catch(() => ({ ref: resource.physicalName, attributes: {} }));
  }

  async #isThere(resource: ResourceRecord): Promise<boolean> {
    const type = this.#typeOf(resource);
    if (type.handling !== 'supported') return false;
    return type.exists(this.#identityOf(resource), actualProperties(resource), this.#context);
  }

  /** Whether the name of a resource is that of the one that has replaced it, so that it is there no more. */
  #isInPlaceOf({ logicalId, uid, type, ref }: ResourceRecord): boolean {
    const present = this.record.resources.get(logicalId);
    return present !== undefined && present.uid !== uid && present.type === type && present.ref === ref;
  }

  #make(resource: ResourceRecord): Promise<CreatedResource> {
    const type = this.#typeOf(resource);
    const identity = this.#identityOf(resource);
    return type.handling === 'inert'
      ? Promise.resolve(type.identify(identity))
      : type.create(identity, actualProperties(resource), this.#context);
  }

  /** A type that the runtime does not know was ignored when its resource was made. */
  #typeOf({ type }: ResourceRecord): ResourceType {
    return this.#parts.types.get(type) ?? ignoredType(type);
  }

  #identityOf({ logicalId, physicalName }: ResourceRecord): ResourceIdentity {
    const { name: stackName, id: stackId } = this.record;
    return { logicalId, physicalName, environment: { ...this.#parts.environment, stackName, stackId } };
  }

  #existing(resource: ResourceRecord): ExistingResource {
    return { ...this.#identityOf(resource), ...knownOf(resource), properties: actualProperties(resource) };
  }

  /** A resource that could not be named has no record. Its failure still has an event. */
  #fail(wanted: WantedResource, reason: string): void {
    const present = this.record.resources.get(wanted.logicalId);
    const isNew = present === undefined || present.ref === '';
    const resource: ResourceRecord = present ?? {
      ...partsOf(wanted),
      ...{ uid: this.#parts.random.uuid(), physicalName: wanted.physicalName, isAdopted: false },
      ...{ properties: {}, ref: '', attributes: {}, status: 'CREATE_FAILED' },
      updatedAtMs: this.#context.clock.now(),
    };
    const status = isNew && present?.status !== 'UPDATE_IN_PROGRESS' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
    if (present === undefined) this.#tell(resource, status, reason);
    else this.#note(resource, status, reason);
  }

  #reasonOf(failures: ReadonlyMap<string, unknown>): string | undefined {
    if (failures.size === 0) return undefined;
    const failed = [...failures].flatMap(([id, error]) => (error === CANCELLED ? [] : id));
    const updated = failed.filter((id) => this.record.resources.get(id)?.status === 'UPDATE_FAILED');
    const created = failed.filter((id) => !updated.includes(id));
    return [
      ...(created.length === 0 ? [] : [`The following resource(s) failed to create: [${created.join(', ')}].`]),
      ...(updated.length === 0 ? [] : [`The following resource(s) failed to update: [${updated.join(', ')}].`]),
    ].join(' ');
  }

  /** Stores a resource with a new status, and tells it. */
  #note(resource: ResourceRecord, status: ResourceStatus, reason?: string): void {
    const { statusReason: _, ...rest } = resource;
    this.record.resources.set(resource.logicalId, {
      ...rest,
      status,
      updatedAtMs: this.#context.clock.now(),
      ...(reason !== undefined && { statusReason: reason }),
    });
    this.#tell(resource, status, reason);
  }

  #tell(resource: ResourceRecord, status: ResourceStatus, reason?: string): void {
    const { random } = this.#parts;
    this.#isChanged = true;
    addEvent(this.record, { random, atMs: this.#context.clock.now(), resource: { ...resource, status }, reason });
  }

  async #save(): Promise<void> {
    await this.#parts.store.save(this.record);
  }
}

/** Tools compare it. */
const SKIPPED = 'Resource skipped during UpdateRollback';
const REPLACES = 'Requested update requires the creation of a new physical resource; hence creating one.';

function store(record: StackRecord, stored: StoredWithStack): void {
  delete record.description;
  Object.assign(record, stored);
}

function partsOf(wanted: WantedResource) {
  const { logicalId, type, deletionPolicy, updateReplacePolicy } = wanted;
  return {
    ...{ logicalId, type: type.type, deletionPolicy, updateReplacePolicy },
    dependencies: [...dependenciesOf(wanted)],
  };
}

function knownOf({ ref, attributes }: ResourceRecord): CreatedResource {
  return { ref, attributes };
}

function failedToDelete(ids: readonly string[]): string {
  return `The following resource(s) failed to delete: [${[...new Set(ids)].join(', ')}].`;
}
