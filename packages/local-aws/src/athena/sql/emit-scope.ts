import type { QueryErrorName } from './query-error.ts';
import { QueryError } from './query-error.ts';
import { placeOfName } from './tokens.ts';

/** A comparison of a column with values that holds for every row that a table may give. */
export interface Condition {
  /** Lower case. */
  column: string;
  operator: '=' | '<' | '<=' | '>' | '>=' | 'in';
  values: string[];
}

/** A table of the catalog that a query reads, with what its WHERE says of it. */
export interface TableReference {
  database: string;
  name: string;
  conditions: Condition[];
}

/** What the parts of one translation share. */
export class EmitScope {
  /** The query as it was written, for places. */
  readonly sql: string;
  /** The database of names without one. */
  readonly database: string | undefined;
  readonly tables: TableReference[] = [];
  /** Columns of the result that are times in a zone, as text. */
  readonly zonedColumns = new Set<string>();
  /** Columns of subqueries that hold local times, with the zone that the query puts them into. */
  readonly zonedNames = new Map<string, string>();
  /** Columns of the type date or timestamp, by name: differences of these are intervals. */
  readonly dateColumns: ReadonlySet<string>;
  /** Whether hidden columns are asked for, which `*` does not give. */
  readonly namesHidden: boolean;
  /** How `UNNEST(x) AS t(a, b)` is to be read: it depends on the type of `x`. */
  readonly unnestsRows: boolean;
  /** Whether `reverse` is that of lists. */
  readonly reversesLists: boolean;
  readonly #withNames: Set<string>[] = [];
  readonly #lambdaNames: Map<string, string>[] = [];
  #lambdas = 0;

  constructor(options: {
    sql: string;
    database: string | undefined;
    dateColumns: ReadonlySet<string>;
    unnestsRows: boolean;
    reversesLists: boolean;
  }) {
    this.sql = options.sql;
    this.database = options.database;
    this.dateColumns = options.dateColumns;
    this.unnestsRows = options.unnestsRows;
    this.reversesLists = options.reversesLists;
    this.namesHidden = options.sql.includes('"$path"');
  }

  fail(name: QueryErrorName, text: string, at?: string): never {
    throw new QueryError(name, text, at === undefined ? undefined : placeOfName(this.sql, at));
  }

  unsupported(what: string, at?: string): never {
    return this.fail('NOT_SUPPORTED', `${what} is not supported by the local Athena`, at);
  }

  /** Runs with the names of a WITH clause, which the callback adds as they become known. */
  withNames<T>(work: (names: Set<string>) => T): T {
    const names = new Set<string>();
    this.#withNames.push(names);
    try {
      return work(names);
    } finally {
      this.#withNames.pop();
    }
  }

  isWithName(name: string): boolean {
    return this.#withNames.some((names) => names.has(name.toLowerCase()));
  }

  /** Runs with the parameters of a lambda, each standing for an expression of DuckDB. */
  withLambda<T>(parameters: ReadonlyMap<string, string>, work: () => T): T {
    this.#lambdaNames.push(new Map([...parameters].map(([name, text]) => [name.toLowerCase(), text])));
    try {
      return work();
    } finally {
      this.#lambdaNames.pop();
    }
  }

  lambdaParameter(name: string): string | undefined {
    return this.#lambdaNames.findLast((names) => names.has(name.toLowerCase()))?.get(name.toLowerCase());
  }

  /** A name that nothing else has. */
  newName(): string {
    this.#lambdas += 1;
    return `athena_l${this.#lambdas}`;
  }
}
