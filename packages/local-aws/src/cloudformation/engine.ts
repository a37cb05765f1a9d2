import type { JsonObject } from '@tweet-pipes/kit/json';
import { sentence } from '@tweet-pipes/kit/thrown';
import { StackLoadError } from '../assembly/errors.ts';
import type { ResourceType } from '../assembly/resource-type.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { assetsOf, changesNothing, type Draft, type DraftParts, draftStack, planDraft } from './draft.ts';
import { describeInterruption, INTERRUPTED } from './interruption.ts';
import type {
  OperationOptions,
  OwnedResource,
  ResourceEngine,
  RollbackOptions,
  Stack,
  StackEngine,
  StackEvent,
  StackInput,
  StackOperation,
  StackPlan,
} from './stack.ts';
import { refuseChangedExports } from './stack-exports.ts';
import { actualProperties, type ResourceRecord, type StackRecord, stackOf, stands } from './stack-record.ts';
import { type StackParts, StackRun } from './stack-run.ts';
import { COMPLETE, checkUnprotected, isBusy, USER_INITIATED } from './stack-status.ts';
import { validationError } from './validation-error.ts';

/** What a {@link LocalStackEngine} is made of. */
export interface EngineParts extends StackParts, Pick<DraftParts, 'resolving'> {
  /** Called with the name of a stack before its first resource is made. */
  onStack(name: string): void;
  /** Called with one line for what was replaced at the start, and for each resource that could not be restored. */
  log(line: string): void;
}

/** The {@link StackEngine} of a runtime: its stacks are in files, their resources behind the runtime's endpoint. */
export class LocalStackEngine implements StackEngine, ResourceEngine {
  readonly #parts: EngineParts;
  /** Ids of the stacks whose resources stand since the start of the runtime. */
  readonly #running = new Set<string>();
  readonly #removals = new Map<string, StackOperation>();
  /** Creations and updates that run, by the id of their stack. */
  readonly #runs = new Map<string, { run: StackRun; over: Promise<unknown> }>();
  /** Changes of single resources that run, by the resource's uid. */
  readonly #changes = new Map<string, Promise<void>>();
  /** Clients may call before the start is over. */
  #started: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /**
   * The first call after a start of the runtime, when its services answer. Makes the app's stacks what they shall be,
   * one after the other, then restores those that were deployed by others. Operations that were interrupted are rolled
   * back, and deletions go on; the app's stacks go on from what there is. Throws {@link StackLoadError} with every
   * resource of a stack that failed; what stands then stays. Throws what `deploy` does for a template that cannot run.
   * `isAccountEmpty`: there was nothing before, so nothing is looked for.
   */
  start(app: readonly StackInput[], { isAccountEmpty = false } = {}): Promise<void> {
    const starting = this.#start(app.map((input) => ({ ...input, isAccountEmpty })));
    this.#started = starting.catch(() => {});
    return starting;
  }

  async #start(app: readonly StackInput[]): Promise<void> {
    for (const input of app) await this.#startOfApp(input);
    for (const record of [...this.#parts.store.all]) {
      if (record.isApp || record.status === 'DELETE_COMPLETE' || this.#running.has(record.id)) continue;
      await this.#restore(record);
    }
  }

  async plan(input: StackInput): Promise<StackPlan> {
    await this.#ready();
    return planDraft(this.#draft(input));
  }

  async deploy(input: StackInput): Promise<StackOperation> {
    await this.#ready();
    const draft = this.#draft(input);
    if (changesNothing(planDraft(draft))) {
      throw validationError('No updates are to be performed.');
    }
    return this.#deploy(draft);
  }

  /** Deploys a stack of the app, as `deploy`. There is no operation for one that has nothing to change. */
  async deployOfApp(input: StackInput): Promise<{ plan: StackPlan; operation?: StackOperation }> {
    await this.#ready();
    const draft = this.#draft({ ...input, adopt: true }, { isApp: true });
    const { record } = draft;
    const plan = planDraft(draft);
    if (record === undefined || !changesNothing(plan)) return { plan, operation: await this.#deploy(draft) };
    // Its template and files are new even so.
    Object.assign(record, draft.goal.stored);
    return { plan };
  }

  async #deploy(draft: Draft): Promise<StackOperation> {
    const { run, failures } = await this.#begin(draft);
    const done = failures.then(async (failed) => {
      if (draft.isApp && failed.size === 0) this.#tellReplacements(run);
      await this.#removals.get(run.record.id)?.done;
      return stackOf(run.record);
    });
    return { stackId: draft.id, done };
  }

  async remove(
    nameOrId: string,
    { retain = [], clientRequestToken }: OperationOptions & { retain?: readonly string[] } = {},
  ): Promise<StackOperation> {
    await this.#ready();
    const record = this.#existing(nameOrId);
    const { id, status } = record;
    const running = this.#removals.get(id);
    if (running !== undefined) return running;
    checkUnprotected(record);
    const creation = status === 'CREATE_IN_PROGRESS' ? this.#runs.get(id) : undefined;
    if (isBusy(status) && creation === undefined)
      throw validationError(`Stack [${id}] cannot be deleted while in status ${status}`);
    if (retain.length > 0 && status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${id}]. When you delete a stack, specify which resources to retain only when ` +
          'the stack is in the DELETE_FAILED state.',
      );
    }
    refuseChangedExports(record.outputs, [], this.#others(record.name));
    record.retain = retain;
    record.clientRequestToken = clientRequestToken;
    creation?.run.giveUp();
    return this.#beginRemoval(record, creation?.over);
  }

  async cancelUpdate(nameOrId: string, { clientRequestToken }: OperationOptions = {}): Promise<StackOperation> {
    await this.#started;
    const record = this.#existing(nameOrId);
    const running = this.#runs.get(record.id);
    if (record.status !== 'UPDATE_IN_PROGRESS' || running === undefined) {
      throw validationError('CancelUpdateStack cannot be called from current stack status');
    }
    record.clientRequestToken = clientRequestToken;
    running.run.cancel();
    return { stackId: record.id, done: running.over.then(() => stackOf(record)) };
  }

  async rollBack(
    nameOrId: string,
    { clientRequestToken, retainExceptOnCreate = false }: OperationOptions & { retainExceptOnCreate?: boolean } = {},
  ): Promise<StackOperation> {
    await this.#ready();
    const record = this.#existing(nameOrId);
    const { status } = record;
    if (status !== 'CREATE_FAILED' && status !== 'UPDATE_FAILED') throw cannotBeRolledBack(record);
    record.retainExceptOnCreate = retainExceptOnCreate;
    return this.#beginRollback(record, clientRequestToken, (run) =>
      status === 'CREATE_FAILED' ? run.rollBackCreation(USER_INITIATED) : run.rollBackUpdate(USER_INITIATED),
    );
  }

  async continueRollback(
    nameOrId: string,
    { clientRequestToken, ...options }: OperationOptions & RollbackOptions = {},
  ): Promise<StackOperation> {
    await this.#ready();
    const record = this.#existing(nameOrId);
    if (record.status !== 'UPDATE_ROLLBACK_FAILED') throw cannotBeRolledBack(record);
    const skipped = options.skip ?? [];
    const others = skipped.filter((id) => record.resources.get(id)?.status !== 'UPDATE_FAILED');
    if (others.length > 0) {
      throw validationError(
        `ResourcesToSkip takes resources that could not be rolled back: [${others.join(', ')}] are none.`,
      );
    }
    return this.#beginRollback(record, clientRequestToken, (run) => run.rollBackUpdate(USER_INITIATED, options));
  }

  /** The status changes before the call returns. */
  #beginRollback(
    record: StackRecord,
    clientRequestToken: string | undefined,
    rollBack: (run: StackRun) => Promise<void>,
  ): StackOperation {
    record.clientRequestToken = clientRequestToken;
    const run = new StackRun(this.#parts, record, { isRestoring: false });
    return { stackId: record.id, done: rollBack(run).then(() => stackOf(record)) };
  }

  /** Paths of the files that stacks were made of, or would be made of again after a failure. */
  assetPaths(): readonly string[] {
    return this.#parts.store.all.flatMap(({ assets }) => Object.values(assets).map(({ path }) => path));
  }

  find(nameOrId: string): Stack | undefined {
    const record = this.#parts.store.find(nameOrId);
    return record !== undefined && this.#isVisible(record) ? stackOf(record) : undefined;
  }

  stacks(): readonly Stack[] {
    return this.#visible().map(stackOf).reverse();
  }

  events(stackId: string): readonly StackEvent[] {
    return [...this.#existing(stackId).events].reverse();
  }

  async protect(nameOrId: string, isProtected: boolean): Promise<Stack> {
    const record = this.#existing(nameOrId);
    if (record.status === 'DELETE_COMPLETE') throw doesNotExist(nameOrId);
    record.terminationProtection = isProtected;
    await this.#parts.store.save(record);
    return stackOf(record);
  }

  findResource(type: string, identifier: string): OwnedResource | undefined {
    const isIt = (each: ResourceRecord) =>
      each.type === type && stands(each) && each.ref !== '' && [each.ref, each.physicalName].includes(identifier);
    for (const { id: stackId, resources } of this.#others()) {
      const found = [...resources.values()].find(isIt);
      if (found === undefined) continue;
      const { logicalId, ref, physicalName, attributes } = found;
      return { ...{ stackId, logicalId, type, ref, physicalName, attributes }, properties: actualProperties(found) };
    }
    return undefined;
  }

  async changeResource({ stackId, logicalId, type, ref }: OwnedResource, properties: JsonObject): Promise<void> {
    await this.#started;
    const record = this.#existing(stackId);
    const existing = record.resources.get(logicalId);
    if (existing?.ref !== ref || isBusy(record.status) || this.#changes.has(existing.uid)) {
      throw new AwsError(
        'ConcurrentOperationException',
        `Another resource operation is currently being performed on ${ref}, or on its stack ${record.name}.`,
      );
    }
    checkChange(existing, properties, this.#parts.types.get(type));
    const change = new StackRun(this.#parts, record, { isRestoring: false }).change(existing, properties);
    this.#changes.set(existing.uid, change);
    await change.finally(() => this.#changes.delete(existing.uid));
  }

  /** Operations on stacks begin after the start, and after the changes of single resources that run. */
  async #ready(): Promise<void> {
    await this.#started;
    while (this.#changes.size > 0) await Promise.allSettled(this.#changes.values());
  }

  async #startOfApp(given: StackInput): Promise<void> {
    const input = { ...given, adopt: true, disableRollback: true };
    const found = this.#parts.store.named(input.name);
    if (found !== undefined) await this.#settle(found);
    const draft = this.#draft(input, { isApp: true });
    const { record } = draft;
    const isAsItShallBe = changesNothing(planDraft(draft)) && record?.displaced.length === 0;
    const { run, failures } =
      record !== undefined && isAsItShallBe && COMPLETE.includes(record.status)
        ? this.#restoreAs(record, draft)
        : await this.#begin(draft);
    const failed = await failures;
    if (failed.size > 0)
      throw new StackLoadError(
        input.name,
        describeFailures(failed, new Map(draft.goal.wanted.map((each) => [each.logicalId, each.type.type]))),
      );
    this.#tellReplacements(run);
  }

  #tellReplacements({ record, replacements }: StackRun): void {
    for (const { logicalId, type, oldRef, newRef, isKept } of replacements) {
      this.#parts.log(
        `${logicalId} (${type}) of ${record.name} was replaced, as on AWS: ${newRef} is new. ` +
          (isKept ? `${oldRef} stays with its data, and no stack owns it.` : `${oldRef} was deleted.`),
      );
    }
  }

  #restoreAs(record: StackRecord, { goal, input }: Draft) {
    this.#parts.onStack(record.name);
    record.assets = assetsOf(input);
    const isTakenOver = !record.isApp;
    record.isApp = true;
    const run = new StackRun(this.#parts, record, { isRestoring: true });
    this.#running.add(record.id);
    const restore = async () => {
      const failures = await run.restoreAs(goal);
      if (isTakenOver) await this.#parts.store.save(record);
      return failures;
    };
    return { run, failures: restore() };
  }

  /** Ends what a stop of the runtime interrupted, so that the stack of the app can go on from what there is. */
  async #settle(record: StackRecord): Promise<void> {
    switch (record.status) {
      case 'DELETE_IN_PROGRESS':
        await (await this.#beginRemoval(record)).done;
        this.#parts.log(describeInterruption('DELETE_IN_PROGRESS', record));
        break;
      case 'CREATE_IN_PROGRESS':
      case 'ROLLBACK_IN_PROGRESS':
        this.#parts.log(`The creation of stack ${record.name} was interrupted, and goes on from what there is.`);
        record.status = 'CREATE_FAILED';
        break;
      case 'UPDATE_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
        this.#parts.log(`The update of stack ${record.name} was interrupted, and goes on from what there is.`);
        record.status = 'UPDATE_FAILED';
        break;
      default:
        break;
    }
  }

  /** A stack that was not deployed by the app. What cannot be restored is told, and the runtime starts without it. */
  async #restore(record: StackRecord): Promise<void> {
    const { status } = record;
    await this.#restoreAndEnd(record);
    if (isBusy(status)) this.#parts.log(describeInterruption(status, record));
  }

  async #restoreAndEnd(record: StackRecord): Promise<void> {
    const run = new StackRun(this.#parts, record, { isRestoring: true });
    const { status } = record;
    this.#running.add(record.id);
    this.#parts.onStack(record.name);
    switch (status) {
      case 'UPDATE_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        if (status === 'UPDATE_ROLLBACK_IN_PROGRESS' || !record.disableRollback) {
          return run.rollBackUpdate(INTERRUPTED);
        }
        await run.setStatus('UPDATE_FAILED', INTERRUPTED);
        break;
      case 'CREATE_IN_PROGRESS':
        if (record.disableRollback) await run.setStatus('CREATE_FAILED', INTERRUPTED);
        break;
      default:
        break;
    }
    // Before a deletion too: services delete what they keep on disk of a resource only if they know the resource.
    const failed = COMPLETE.includes(status) ? await this.#restoreFromTemplate(record, run) : await run.restore();
    const types = new Map([...record.resources.values()].map(({ logicalId, type }) => [logicalId, type]));
    for (const failure of describeFailures(failed, types)) {
      this.#parts.log(`stack ${record.name} runs in part: ${failure.message}. Deploy it again, or delete it.`);
    }
    switch (status) {
      case 'CREATE_IN_PROGRESS':
      case 'ROLLBACK_IN_PROGRESS':
        if (status === 'ROLLBACK_IN_PROGRESS' || !record.disableRollback) await run.rollBackCreation(INTERRUPTED);
        break;
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
        await run.finishCleanup('UPDATE_COMPLETE');
        break;
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
        await run.finishCleanup('UPDATE_ROLLBACK_COMPLETE');
        break;
      case 'DELETE_IN_PROGRESS':
        await (await this.#beginRemoval(record)).done;
        break;
      default:
        break;
    }
  }

  /** References have other values than before where an endpoint has another port, as in the URL of a queue. */
  async #restoreFromTemplate(record: StackRecord, run: StackRun): Promise<ReadonlyMap<string, unknown>> {
    const { name, templateText, parameters, assets } = record;
    try {
      const { goal } = this.#draft({ name, templateText, parameters, assets: new Map(Object.entries(assets)) });
      const { tags, capabilities } = record;
      return await run.restoreAs({ ...goal, stored: { ...goal.stored, tags, capabilities } });
    } catch (error) {
      this.#parts.log(`stack ${name} is restored as it was, since its template cannot be used now: ${sentence(error)}`);
      return run.restore();
    }
  }

  async #begin(draft: Draft): Promise<{ run: StackRun; failures: Promise<ReadonlyMap<string, unknown>> }> {
    const { input, isCreation, isApp, goal } = draft;
    const record = draft.record ?? this.#newRecord(draft);
    const isRestoring = draft.record !== undefined && !this.#running.has(record.id);
    if (isCreation) {
      record.resources = new Map([...record.resources].filter(([, resource]) => stands(resource)));
      delete record.before;
      Object.assign(record, goal.stored);
    } else record.before ??= [...record.resources.values()];
    record.disableRollback = input.disableRollback ?? false;
    record.retainExceptOnCreate = input.retainExceptOnCreate ?? false;
    record.clientRequestToken = input.clientRequestToken;
    record.isApp = isApp;
    // A rollback needs those of before too.
    const assetsBefore = record.assets;
    record.assets = { ...record.assets, ...assetsOf(input) };
    this.#running.add(record.id);
    this.#parts.onStack(record.name);
    const run = new StackRun(this.#parts, record, { isRestoring });
    const begun = run.setStatus(isCreation ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', USER_INITIATED);
    const deploy = async () => {
      await begun;
      const failures = await run.deploy(goal, { isCreation });
      if (record.status === 'UPDATE_ROLLBACK_COMPLETE') {
        record.assets = assetsBefore;
        await this.#parts.store.save(record);
      }
      return failures;
    };
    const failures = deploy();
    this.#runs.set(record.id, { run, over: failures });
    const forget = () => void this.#runs.delete(record.id);
    failures.then(forget, forget);
    await begun;
    return { run, failures };
  }

  async #beginRemoval(record: StackRecord, creation?: Promise<unknown>): Promise<StackOperation> {
    const run = new StackRun(this.#parts, record, { isRestoring: false });
    const done = run.remove(creation).then(() => stackOf(record));
    const operation = { stackId: record.id, done };
    this.#removals.set(record.id, operation);
    const forget = () => void this.#removals.delete(record.id);
    done.then(forget, forget);
    return operation;
  }

  #newRecord({ id, input }: Draft): StackRecord {
    return {
      ...{ id, name: input.name, status: 'CREATE_IN_PROGRESS', templateText: input.templateText },
      ...{ parameters: {}, tags: {}, capabilities: [], outputs: [], resources: new Map(), displaced: [], events: [] },
      ...{ disableRollback: false, terminationProtection: false, isApp: false, imports: [], assets: {}, retain: [] },
      createdAtMs: this.#parts.context().clock.now(),
    };
  }

  #draft(input: StackInput, options = { isApp: false }): Draft {
    return draftStack(input, { ...this.#parts, others: (name) => this.#others(name) }, options);
  }

  #existing(nameOrId: string): StackRecord {
    const record = this.#parts.store.find(nameOrId);
    if (record === undefined || !this.#isVisible(record)) throw doesNotExist(nameOrId);
    return record;
  }

  /** A stack of an app is not there in a runtime that was started without it. */
  #isVisible({ isApp, id }: StackRecord): boolean {
    return !isApp || this.#running.has(id);
  }

  #visible(): StackRecord[] {
    return this.#parts.store.all.filter((record) => this.#isVisible(record));
  }

  /** Every stack that is not deleted, without the one of a name. */
  #others(name?: string): StackRecord[] {
    return this.#visible().filter((record) => record.name !== name && record.status !== 'DELETE_COMPLETE');
  }
}

/** Throws AwsError for properties that a resource cannot be given. */
function checkChange(
  { logicalId, ref, physicalName, properties: before }: ResourceRecord,
  properties: JsonObject,
  type: ResourceType | undefined,
): void {
  if (type?.handling !== 'supported') return;
  const problems = type.check(logicalId, properties);
  if (problems.length > 0) {
    throw new AwsError('InvalidRequestException', problems.map(({ at, message }) => `${at}: ${message}`).join('\n'));
  }
  const isRenamed = (type.givenName(properties) ?? physicalName) !== physicalName;
  if (!isRenamed && !type.replaces(before, properties)) return;
  throw new AwsError(
    'NotUpdatableException',
    `${ref} can only be replaced for such a change, which a deployment of its stack does.`,
  );
}

function cannotBeRolledBack({ id, status }: StackRecord): AwsError {
  return validationError(`Stack:${id} is in ${status} state and can not be rolled back.`);
}

function doesNotExist(nameOrId: string): AwsError {
  return validationError(`Stack with id ${nameOrId} does not exist`);
}

function describeFailures(failed: ReadonlyMap<string, unknown>, types: ReadonlyMap<string, string>): Error[] {
  return [...failed].map(([logicalId, error]) => {
    const type = types.get(logicalId);
    const text = sentence(error);
    const message = text.startsWith(logicalId) || type === undefined ? text : `${logicalId} (${type}): ${text}`;
    return new Error(message, { cause: error });
  });
}
