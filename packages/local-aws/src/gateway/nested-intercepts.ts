import type { Intercept } from './wire.ts';

/** Nests intercepts into one, the outermost first: it is the nearest to the callers. Undefined ones are left out. */
export function nestedIntercepts(intercepts: readonly (Intercept | undefined)[]): Intercept {
  const innermost: Intercept = (call, forward) => forward(call.request);
  return intercepts
    .filter((intercept) => intercept !== undefined)
    .reduceRight<Intercept>(
      (inner, outer) => (call, forward) =>
        outer(call, (request) => inner(request === undefined ? call : { ...call, request }, forward)),
      innermost,
    );
}
