import type { LocalService } from '../gateway/local-service.ts';
import { type Meter, payerOf } from './meter.ts';

/** Crawlers are paid by their time. */
const FREE = /Crawler/;

/** The service with each call of its catalog counted, also a refused one, for the stack of the database. */
export function withMeteredRequests<Service extends LocalService>(service: Service, meter: Meter): Service {
  const operations = Object.entries(service.operations).map(([name, operation]) => {
    if (FREE.test(name)) return [name, operation] as const;
    const metered: typeof operation = (input, context) => {
      meter.of(String(input.DatabaseName ?? input.Name)).add('glueRequests', 1, payerOf(context));
      return operation(input, context);
    };
    return [name, metered] as const;
  });
  return { ...service, operations: Object.fromEntries(operations) };
}
