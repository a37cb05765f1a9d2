import type { DatabaseSync } from 'node:sqlite';
import type { BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;

/** The SQLite file `fauxqs.db` in a folder. */
export interface Persistence {
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void;
  close(): void;
  readonly db: DatabaseSync;
  updateMessageReady(messageId: string): void;
}

/** What we use of fauxqs 2.4.1: its application and the stores behind it. */
export interface FauxqsModules {
  buildApp: typeof buildApp;
  SqsStore: new () => Stores['sqsStore'];
  SnsStore: new () => Stores['snsStore'];
  S3Store: new () => Stores['s3Store'];
  PersistenceManager: new (folder: string) => Persistence;
}

/**
 * Loads the modules. All but `buildApp` lie behind the package's `exports`, which offers only a server on 0.0.0.0; they
 * are loaded by their file URL (ADR 0002). Throws when the package no longer has them.
 */
export async function loadFauxqs(): Promise<FauxqsModules> {
  const app = import.meta.resolve('fauxqs');
  const load = async (file: string, name: string): Promise<unknown> => {
    const module: Record<string, unknown> = await import(new URL(file, app).href);
    if (typeof module[name] !== 'function')
      throw new Error(`fauxqs has no ${name} in ${file}: not the version we pinned.`);
    return module[name];
  };
  // Each is a class of that name; its shape is fixed by the pinned version and proved by our tests.
  return {
    buildApp: (await import('fauxqs')).buildApp,
    SqsStore: (await load('./sqs/sqsStore.js', 'SqsStore')) as FauxqsModules['SqsStore'],
    SnsStore: (await load('./sns/snsStore.js', 'SnsStore')) as FauxqsModules['SnsStore'],
    S3Store: (await load('./s3/s3Store.js', 'S3Store')) as FauxqsModules['S3Store'],
    PersistenceManager: (await load('./persistence.js', 'PersistenceManager')) as FauxqsModules['PersistenceManager'],
  };
}
