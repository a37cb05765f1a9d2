import { isUtf8 } from 'node:buffer';
import { isJsonObject, type Json, parseJson } from '@tweet-pipes/kit/json';
import { peekJsonObject } from '../gateway/protocols/json.ts';
import type { ForwardedAnswer } from './http-forward.ts';

/**
 * Updates of a group. DynamoDB takes 100 in a transaction; a smaller group lets the engine begin while the caller makes
 * its next calls. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const GROUP_UPDATES = 50;
/** A transaction takes 4 MB. */
const UPDATE_BYTES = (4 * 1024 * 1024) / GROUP_UPDATES;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
const BATCH_STATEMENTS = 25;
/** Forms of updates that are remembered. A workflow has one for each task and shard. */
const KNOWN_FORMS = 1_000;
/** A transaction consumes two units for each KB of a table, and one for each KB of an index. */
const TRANSACTION_FACTOR = 2;

/** Sends a call to the engine. Rejects when the engine does not answer. */
export type EngineCall = (operation: string, body: Buffer) => Promise<ForwardedAnswer>;

/**
 * Commits writes of the engine together (docs/adr/0061). The engine commits each write by itself, and each commit waits
 * for the disk. Updates of different items that are called at the same time, and the INSERTs of one call, go to the
 * engine as one transaction instead. When it succeeds, each write has had the effect and gets the answer that it would
 * have by itself. When it is refused, nothing was written, and what was refused is called by itself.
 */
export class GroupCommit {
  readonly #call: EngineCall;
  readonly #acceptedForms: Set<string>;
  #waiting: WaitingUpdate[] = [];

  /** `acceptedForms`: those of updates that the engine has accepted by themselves. Groups of one engine share them. */
  constructor(call: EngineCall, acceptedForms = new Set<string>()) {
    this.#call = call;
    this.#acceptedForms = acceptedForms;
  }

  /**
   * Carries out a call, given its body as it came from the client, and `alone`, which sends it by itself. Resolves to
   * the answer, with the capacity that a write consumed if it was not alone. Rejects as an {@link EngineCall} does.
   */
  carryOut(operation: string, body: Buffer, alone: () => Promise<ForwardedAnswer>): Promise<ForwardedAnswer> {
    if (operation === 'UpdateItem') return this.#update(body, alone);
    if (operation === 'BatchExecuteStatement') return this.#executeStatements(body, alone);
    if (operation === 'CreateTable') this.#acceptedForms.clear(); // A table of a name may have another key from now on.
    return alone();
  }

  async #update(body: Buffer, alone: () => Promise<ForwardedAnswer>): Promise<ForwardedAnswer> {
    const update = readUpdate(body);
    if (update === undefined) return alone();
    if (this.#acceptedForms.has(update.form)) {
      return new Promise((resolve, reject) => this.#add({ ...update, body, alone, resolve, reject }));
    }
    // The engine checks less in a transaction. What it would refuse by itself never joins a group.
    const answer = await alone();
    if (answer.statusCode === 200) {
      if (this.#acceptedForms.size === KNOWN_FORMS) this.#acceptedForms.clear();
      this.#acceptedForms.add(update.form);
    }
    return answer;
  }

  async #executeStatements(body: Buffer, alone: () => Promise<ForwardedAnswer>): Promise<ForwardedAnswer> {
    const inserts = readInserts(body);
    if (inserts === undefined) return alone();
    const transaction = { TransactStatements: inserts.statements, ReturnConsumedCapacity: 'INDEXES' };
    const answer = await this.#call('ExecuteTransaction', Buffer.from(JSON.stringify(transaction)));
    if (answer.statusCode >= 500) return answer;
    if (answer.statusCode !== 200) return alone();
    const Responses = inserts.tables.map((TableName) => ({ TableName }));
    const ConsumedCapacity = [...unitsByTable(answer)].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
    }));
    return { ...answer, body: Buffer.from(JSON.stringify({ Responses, ConsumedCapacity })) };
  }

  #add(update: WaitingUpdate): void {
    this.#waiting.push(update);
    if (this.#waiting.length >= GROUP_UPDATES) this.#commit();
    else if (this.#waiting.length === 1) setImmediate(() => this.#commit());
  }

  #commit(): void {
    // A transaction has one action for an item.
    const group = new Map<string, WaitingUpdate>();
    const rest: WaitingUpdate[] = [];
    for (const update of this.#waiting) {
      if (group.has(update.item)) rest.push(update);
      else group.set(update.item, update);
    }
    this.#waiting = rest;
    if (rest.length > 0) setImmediate(() => this.#commit());
    void this.#commitGroup([...group.values()]);
  }

  async #commitGroup(group: readonly WaitingUpdate[]): Promise<void> {
    if (group.length < 2) return callAlone(group);
    let answer: ForwardedAnswer;
    try {
      answer = await this.#call('TransactWriteItems', transactionOf(group));
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    if (answer.statusCode === 200) return answerEach(group, answer);
    if (answer.statusCode >= 500) {
      for (const { resolve } of group) resolve(answer);
      return;
    }
    const refused = refusedIndexes(answer, group.length);
    callAlone(group.filter((_, index) => refused === undefined || refused.has(index)));
    if (refused === undefined) return;
    for (const [index, update] of group.entries()) if (!refused.has(index)) this.#add(update);
  }
}

interface Update {
  table: string;
  /** The table and the key. */
  item: string;
  /** What the engine checks before it looks at an item: all but the values. */
  form: string;
}

interface WaitingUpdate extends Update {
  body: Buffer;
  alone(): Promise<ForwardedAnswer>;
  resolve(answer: ForwardedAnswer | Promise<ForwardedAnswer>): void;
  reject(error: unknown): void;
}

const GROUPED_MEMBERS = new Set([
  'TableName',
  'Key',
  'UpdateExpression',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
]);

/**
 * Undefined for an update that does not join groups: a large one, one that asks for values or capacity, and one with
 * keys, values or conditions that the engine checks by what they are, not only by their form.
 */
function readUpdate(body: Buffer): Update | undefined {
  const input = body.length > UPDATE_BYTES ? undefined : readInput(body);
  if (input === undefined) return undefined;
  const { TableName, Key, UpdateExpression, ConditionExpression } = input;
  const { ExpressionAttributeNames, ExpressionAttributeValues } = input;
  if (typeof UpdateExpression !== 'string' || !isTableName(TableName)) return undefined;
  if (!Object.keys(input).every((member) => GROUPED_MEMBERS.has(member))) return undefined;
  if (typeof ConditionExpression === 'string' && /between/i.test(ConditionExpression)) return undefined;
  const key = typesOf(Key, ['S']);
  const values = ExpressionAttributeValues === undefined ? '' : typesOf(ExpressionAttributeValues, ['S', 'N']);
  if (key === undefined || values === undefined) return undefined;
  return {
    table: TableName,
    item: JSON.stringify([TableName, Key]),
    form: JSON.stringify([TableName, key, UpdateExpression, ConditionExpression, ExpressionAttributeNames, values]),
  };
}

/** Undefined also for a text that is not UTF-8: the engine refuses it, but not what becomes of it in a transaction. */
function readInput(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  return isUtf8(body) ? peekJsonObject(body) : undefined;
}

function isTableName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]+$/.test(value);
}

/** The names and types of attributes. Undefined if there is none, or one has another type. */
function typesOf(attributes: unknown, types: readonly string[]): string | undefined {
  if (!isJsonObject(attributes)) return undefined;
  let found = '';
  for (const [name, attribute] of Object.entries(attributes)) {
    const [type, ...others] = isJsonObject(attribute) ? Object.keys(attribute) : [];
    if (type === undefined || others.length > 0 || !types.includes(type)) return undefined;
    found += `${name} ${type},`;
  }
  return found === '' ? undefined : found;
}

/** The statements and their tables. Undefined unless all are INSERTs, whose answers have nothing but the table. */
function readInserts(body: Buffer): { statements: unknown[]; tables: string[] } | undefined {
  const input = readInput(body);
  if (input === undefined || Object.keys(input).length > 1) return undefined;
  const { Statements: statements } = input;
  if (!Array.isArray(statements) || statements.length < 2 || statements.length > BATCH_STATEMENTS) return undefined;
  const tables: string[] = [];
  for (const each of statements) {
    const text = isJsonObject(each) ? each.Statement : undefined;
    const table = typeof text === 'string' ? /^INSERT INTO "([\w.-]+)" VALUE /i.exec(text)?.[1] : undefined;
    if (table === undefined) return undefined;
    tables.push(table);
  }
  return { statements, tables };
}

/** The texts of the calls are kept. The engine ignores members that an action does not have. */
function transactionOf(group: readonly WaitingUpdate[]): Buffer {
  const actions = group.map(({ body }) => `{"Update":${body.toString('utf8')}}`);
  return Buffer.from(`{"ReturnConsumedCapacity":"INDEXES","TransactItems":[${actions.join(',')}]}`);
}

function callAlone(group: readonly WaitingUpdate[]): void {
  for (const { alone, resolve } of group) resolve(alone());
}

/** Each update consumed a unit of its table. What larger items and indexes add is counted for the first of them. */
function answerEach(group: readonly WaitingUpdate[], answer: ForwardedAnswer): void {
  const surplus = unitsByTable(answer);
  for (const { table } of group) surplus.set(table, (surplus.get(table) ?? 0) - 1);
  for (const { table: TableName, resolve } of group) {
    const CapacityUnits = 1 + (surplus.get(TableName) ?? 0);
    surplus.set(TableName, 0);
    resolve({ ...answer, body: Buffer.from(JSON.stringify({ ConsumedCapacity: { TableName, CapacityUnits } })) });
  }
}

/** Which actions of a cancelled transaction are to blame. Undefined if the answer does not say. */
function refusedIndexes(answer: ForwardedAnswer, actions: number): Set<number> | undefined {
  const body = parseJson(answer.body.toString('utf8'));
  const reasons = isJsonObject(body) ? body.CancellationReasons : undefined;
  if (!Array.isArray(reasons) || reasons.length !== actions) return undefined;
  const refused = reasons.flatMap((reason, index) => (isJsonObject(reason) && reason.Code === 'None' ? [] : [index]));
  return refused.length === 0 ? undefined : new Set(refused);
}

/** The units that the writes of a transaction consume outside of one. */
function unitsByTable(answer: ForwardedAnswer): Map<string, number> {
  const body = parseJson(answer.body.toString('utf8'));
  const capacities = isJsonObject(body) && Array.isArray(body.ConsumedCapacity) ? body.ConsumedCapacity : [];
  return new Map(
    capacities.filter(isJsonObject).map((capacity): [string, number] => {
      const ofTable = unitsOf(capacity.Table) / TRANSACTION_FACTOR;
      const indexes = [capacity.GlobalSecondaryIndexes, capacity.LocalSecondaryIndexes].flatMap((each) =>
        isJsonObject(each) ? Object.values(each) : [],
      );
      return [String(capacity.TableName), indexes.reduce((sum: number, index) => sum + unitsOf(index), ofTable)];
    }),
  );
}

function unitsOf(capacity: Json | undefined): number {
  const units = isJsonObject(capacity) ? capacity.CapacityUnits : undefined;
  return typeof units === 'number' ? units : 0;
}
