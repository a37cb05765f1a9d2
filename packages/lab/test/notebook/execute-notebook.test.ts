import { describe, expect, it } from '@jest/globals';
import { type Execution, executeNotebook } from '../../src/notebook/execute-notebook.ts';

/** Executes with a program of JavaScript in place of execute.py. */
async function execute(
  script: string,
  options: { signal?: AbortSignal; onCell?: (cell: number, cells: number) => void } = {},
): Promise<Execution> {
  return executeNotebook({
    program: [process.execPath, '--eval', script, '--'],
    notebook: 'in.ipynb',
    output: 'out.ipynb',
    env: { NAME: 'lake' },
    signal: new AbortController().signal,
    onCell: () => {},
    ...options,
  });
}

const tell = (value: string) => `console.log(JSON.stringify(${value}));`;

describe('executeNotebook', () => {
  it('gives the program the two paths and the environment', async () => {
    const execution = await execute(tell('{ failed: [...process.argv.slice(1), process.env.NAME].join() }'));
    expect(execution).toEqual({ kind: 'cell-failed', error: 'in.ipynb,out.ipynb,lake' });
  });

  it('reports each cell', async () => {
    const cells: string[] = [];
    const onCell = (cell: number, of: number) => cells.push(`${cell}/${of}`);
    expect(await execute(tell('{ cell: 1, cells: 2 }') + tell('{ cell: 2, cells: 2 }'), { onCell })).toEqual({
      kind: 'executed',
    });
    expect(cells).toEqual(['1/2', '2/2']);
  });

  it('tells missing packages, a broken program and a missing one apart', async () => {
    expect(await execute(tell('{ missing: ["pandas"] }'))).toEqual({ kind: 'packages-missing', packages: ['pandas'] });
    expect(await execute('console.error("No kernel."); process.exitCode = 1')).toEqual({
      kind: 'broken',
      output: 'No kernel.',
    });
    const missing = executeNotebook({
      program: ['/nowhere/python3'],
      notebook: '',
      output: '',
      env: {},
      signal: new AbortController().signal,
      onCell: () => {},
    });
    expect(await missing).toEqual({ kind: 'no-program' });
  });

  it('interrupts the program once, and waits until it has ended', async () => {
    const controller = new AbortController();
    const script = `let times = 0; const wait = setInterval(() => {}, 1000);
      process.on('SIGINT', () => { times += 1; clearInterval(wait); ${tell('{ failed: "interrupted " + times }')} });
      ${tell('{ cell: 1, cells: 1 }')}`;
    const execution = await execute(script, { signal: controller.signal, onCell: () => controller.abort() });
    expect(execution).toEqual({ kind: 'cell-failed', error: 'interrupted 1' });
  });
});
