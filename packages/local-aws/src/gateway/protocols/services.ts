import type { LocalService } from '../local-service.ts';
import type { WireService } from '../wire.ts';
import { type JsonProtocol, jsonService } from './json-service.ts';
import { lambdaRoutes } from './lambda-routes.ts';
import { pipesRoutes } from './pipes-routes.ts';
import { type QueryProtocol, queryService } from './query-service.ts';
import { type RestJsonProtocol, restJsonService } from './rest-json-service.ts';
import { schedulerRoutes } from './scheduler-routes.ts';
import { type SeveralProtocols, severalProtocols } from './several.ts';

/** The protocol of each local service by signing name, from its API model (botocore 1.44, checked 2026-11-21). */
const protocols: Readonly<Record<string, JsonProtocol | RestJsonProtocol | QueryProtocol | SeveralProtocols>> = {
  states: { kind: 'json', version: '1.0', targetPrefix: 'AWSStepFunctions', inputs: {} },
  firehose: {
    kind: 'json',
    version: '1.1',
    targetPrefix: 'Firehose_20150804',
    inputs: { PutRecord: { blobs: ['Record.Data'] }, PutRecordBatch: { blobs: ['Records[].Data'] } },
  },
  athena: { kind: 'json', version: '1.1', targetPrefix: 'AmazonAthena', inputs: {} },
  glue: { kind: 'json', version: '1.1', targetPrefix: 'AWSGlue', inputs: {} },
  comprehend: { kind: 'json', version: '1.1', targetPrefix: 'Comprehend_20171127', inputs: {} },
  monitoring: {
    kind: 'several',
    json: { kind: 'json', version: '1.0', targetPrefix: 'GraniteServiceVersion20100801', inputs: {} },
    query: { kind: 'query', namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/' },
  },
  cloudcontrolapi: { kind: 'json', version: '1.0', targetPrefix: 'CloudApiService', inputs: {} },
  ssm: { kind: 'json', version: '1.1', targetPrefix: 'AmazonSSM', inputs: {} },
  logs: { kind: 'json', version: '1.1', targetPrefix: 'Logs_20140328', inputs: {} },
  pipes: { kind: 'rest-json', routes: pipesRoutes },
  scheduler: { kind: 'rest-json', routes: schedulerRoutes },
  lambda: { kind: 'rest-json', routes: lambdaRoutes },
  cloudformation: { kind: 'query', namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/' },
  iam: { kind: 'query', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  sts: { kind: 'query', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
};

/** Gives a local service its wire protocol. Throws when its signing name has no row in `protocols`. */
export function wireService(service: LocalService): WireService {
  const protocol = protocols[service.signingName];
  switch (protocol?.kind) {
    case 'json':
      return jsonService(service, protocol);
    case 'rest-json':
      return restJsonService(service, protocol);
    case 'query':
      return queryService(service, protocol);
    case 'several':
      return severalProtocols(service, protocol);
    case undefined:
      throw new Error(`No wire protocol is known for the service ${service.signingName}.`);
  }
}
