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

/** The used parts of fauxqs 2.4.1: its application and its stores. */
export interface FauxqsModules {
  buildApp: typeof buildApp;
  SqsStore: new () => Stores['sqsStore'];
  SnsStore: new () => Stores['snsStore'];
  S3Store: new () => Stores['s3Store'];
  PersistenceManager: new (folder: string) => Persistence;
}

/**
 * Loads the modules. The package exports `buildApp` and a server on 0.0.0.0 only, so the others are loaded by their
 * file URL (ADR 0002). Throws when the package does not have them.
 */
export async function loadFauxqs(): Promise<FauxqsModules> {
  const app = import.meta.resolve('fauxqs');
  const load = async (file: string, name: string): Promise<unknown> => {
    const module: Record<string, unknown> = await import(new URL(file, app).href);
    if (typeof module[name] !== 'function')
      throw new Error(`fauxqs has no ${name} in ${file}: it is not the pinned version.`);
    return module[name];
  };
  // The pinned version fixes the shape of each class. The tests verify it.
  return {
    buildApp: (await import('fauxqs')).buildApp,
    SqsStore: (await load('./sqs/sqsStore.js', 'SqsStore')) as FauxqsModules['SqsStore'],
    SnsStore: (await load('./sns/snsStore.js', 'SnsStore')) as FauxqsModules['SnsStore'],
    S3Store: (await load('./s3/s3Store.js', 'S3Store')) as FauxqsModules['S3Store'],
    PersistenceManager: (await load('./persistence.js', 'PersistenceManager')) as FauxqsModules['PersistenceManager'],
  };
}
