import { AthenaClient } from '@aws-sdk/client-athena';
import { ComprehendClient } from '@aws-sdk/client-comprehend';
import { GlueClient } from '@aws-sdk/client-glue';

export { AthenaClient, ComprehendClient, GlueClient };

/** The clients of the lake's catalog, queries and sentiment. */
export interface LakeClients {
  readonly athena: AthenaClient;
  readonly comprehend: ComprehendClient;
  readonly glue: GlueClient;
}
