import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import type { Catalog } from './catalog.ts';
import { lakePrefixes } from './lake-bucket.ts';

/** Where queries read and write, and which there are. */
export interface LakeQueriesProps extends ConfiguredProps {
  /** Results go below `query-results/`. */
  bucket: IBucket;
  catalog: Catalog;
  /** Of the workgroup. */
  description: string;
  /** By name. Each begins with a comment that says what it gives. */
  queries: Readonly<Record<string, string>>;
}

/**
 * A workgroup of Athena named like its stack, and its named queries. The settings of the workgroup hold whatever a
 * client asks for: where results go, that they are encrypted, and how much a query may scan.
 */
export class LakeQueries extends Construct {
  readonly workGroupName: string;

  constructor(scope: Construct, id: string, { bucket, catalog, description, queries, config }: LakeQueriesProps) {
    super(scope, id);
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: Stack.of(this).stackName,
      description,
      // Else a workgroup with queries in its history cannot be deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: config.queryScanLimitMebibytes * 1024 * 1024,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${bucket.bucketName}/${lakePrefixes.queryResults}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    this.workGroupName = workGroup.ref;
    for (const [name, queryString] of Object.entries(queries)) {
      new CfnNamedQuery(this, name, {
        name,
        description: descriptionIn(queryString),
        database: catalog.database.ref,
        workGroup: workGroup.ref,
        queryString,
      });
    }
  }
}

/** The queries in the files `*.sql` of folders below infra, by the names of the files. */
export function queriesIn(...folders: readonly string[]): Record<string, string> {
  const files = folders.flatMap((folder) => {
    const url = new URL(`../../${folder}/`, import.meta.url);
    return globSync('*.sql', { cwd: url }).map((file): [string, string] => [
      basename(file, '.sql'),
      readFileSync(new URL(file, url), 'utf8').trim(),
    ]);
  });
  return Object.fromEntries(files.sort());
}

/** The comment that a query begins with, in one line. */
function descriptionIn(sql: string): string {
  const [comment = ''] = /^(?:--.*\n)+/.exec(sql) ?? [];
  return comment.replaceAll(/^-- ?/gm, '').trim().replaceAll('\n', ' ');
}
