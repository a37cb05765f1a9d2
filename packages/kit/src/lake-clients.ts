import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';

export { AthenaClient, GlueClient };

/** The clients of the lake's catalog and queries. */
export interface LakeClients {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
}
