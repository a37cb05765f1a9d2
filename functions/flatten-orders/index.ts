import { transformationHandler } from '../transformation/transformation-handler.ts';
import { readColumnTypes } from './configuration.ts';
import { flattenOrder } from './flatten-order.ts';

const types = readColumnTypes(process.env);

/**
 * The transformation of the sales lake's delivery stream: takes changes of orders, returns rows. An invalid environment
 * fails the cold start.
 */
export const handler = transformationHandler((source) => flattenOrder(source, types));
