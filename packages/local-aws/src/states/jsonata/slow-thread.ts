import { parentPort, workerData } from 'node:worker_threads';
import { BoundExceeded } from './bounds.ts';
import { evaluateWithin } from './evaluation.ts';
import { evaluationRandom, registerFunctions } from './functions.ts';
import type { Budget } from './meter.ts';
import { compileQuickly } from './quick-library.ts';
import type { SlowEvaluation } from './slow-evaluation.ts';

// The main module of a thread of `evaluateSlowly`: evaluates once, and answers with the outcome.

const { source, variables, nowMs, seed, bounds }: SlowEvaluation = workerData;
const expression = compileQuickly(source);
registerFunctions(expression);

const startedAt = process.threadCpuUsage();
const budget: Budget = {
  depth: bounds.depth,
  memoryBytes: bounds.memoryBytes,
  callItems: Number.POSITIVE_INFINITY,
  refuseCall: () => {
    throw new BoundExceeded('memoryBytes');
  },
  checkTime: () => {
    const { user, system } = process.threadCpuUsage(startedAt);
    if ((user + system) / 1_000 > bounds.cpuMs) throw new BoundExceeded('cpuMs');
  },
};
parentPort?.postMessage(evaluateWithin(budget, expression, variables, { nowMs, random: evaluationRandom(seed) }));
