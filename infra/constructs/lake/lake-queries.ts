import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { lakePrefixes } from './lake-bucket.ts';
import type { LakeCatalog } from './lake-catalog.ts';

const folder = new URL('../../lake/queries/', import.meta.url);

/** Where queries read and write. */
export interface LakeQueriesProps extends ConfiguredProps {
  /** Results go below `query-results/`. */
  bucket: IBucket;
  catalog: LakeCatalog;
}

/**
 * The workgroup of Athena, and a named query for each file of infra/lake/queries; those in `sentiment/` need its table.
 * The settings of the workgroup hold whatever a client asks for: where results go, that they are encrypted, and how
 * much a query may scan.
 */
export class LakeQueries extends Construct {
  readonly workGroupName: string;

  constructor(scope: Construct, id: string, { bucket, catalog, config }: LakeQueriesProps) {
    super(scope, id);
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: Stack.of(this).stackName,
      description: 'Queries of the tweet lake.',
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
    const folders = config.sentiment === 'comprehend' ? '{.,sentiment}' : '.';
    for (const file of globSync(`${folders}/*.sql`, { cwd: folder }).sort()) {
      const name = basename(file, '.sql');
      const queryString = readFileSync(new URL(file, folder), 'utf8').trim();
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

/** The comment that a query begins with, in one line. */
function descriptionIn(sql: string): string {
  const [comment = ''] = /^(?:--.*\n)+/.exec(sql) ?? [];
  return comment.replaceAll(/^-- ?/gm, '').trim().replaceAll('\n', ' ');
}
