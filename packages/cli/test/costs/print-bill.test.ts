import { expect, it } from '@jest/globals';
import { makeBill } from '../../src/costs/bill.ts';
import { readPriceList } from '../../src/costs/price-list.ts';
import { priceNote, printBill, standingLines } from '../../src/costs/print-bill.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const prices = readPriceList();

it('prints each line with amount, price and dollars, and the sum below them', () => {
  const terminal = fakeTerminal();
  printBill(
    terminal,
    makeBill({ Core: { dynamodbWriteUnits: 1_554_400, workflowLogBytes: 12_345_600_000_000 } }, prices),
  );
  const [first, second, sum] = terminal.printed().split('\n');
  expect(first).toMatch(/^ {2}CloudWatch Logs: executions +12,345\.6000 GB +× 0\.5 +6172\.8000$/);
  expect(second).toMatch(/^ {2}DynamoDB: writes +1\.5544 million units +× 0\.625 +0\.9715$/);
  expect(sum).toMatch(/^ {2}USD +6173\.7715$/);
  expect(new Set([first, second, sum].map((line) => line?.length)).size).toBe(1);
});

it('prints the lines of several stacks apart, each with its sum', () => {
  const terminal = fakeTerminal();
  printBill(terminal, makeBill({ Core: { s3Writes: 1e6 }, Lake: { s3Writes: 3e6, glueRequests: 5e6 } }, prices));
  const lines = terminal.printed().trimEnd().split('\n');
  expect(lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
    'Lake',
    'S3: objects put | 3.0000 million requests | × 5 | 15.0000',
    'Glue: catalog requests | 5.0000 million requests | × 1 | 5.0000',
    'USD of Lake | 20.0000',
    'Core',
    'S3: objects put | 1.0000 million requests | × 5 | 5.0000',
    'USD of Core | 5.0000',
    'USD | 25.0000',
  ]);
});

it('tells in one line what stands, for each stack', () => {
  const core = { onDemandStreamHours: 730, alarmMetricMonths: 18 };
  expect(standingLines(makeBill({ Core: core }, prices))).toEqual([
    'While the stack stands, 31.00 USD a month more, whether records come or not: Kinesis: on-demand stream 29.20, CloudWatch: metrics of alarms 1.80.',
  ]);
  expect(standingLines(makeBill({ Core: core, Lake: { dashboardMonths: 1 } }, prices))).toEqual([
    expect.stringMatching(/^While Core stands, 31\.00 USD a month more/),
    'While Lake stands, 3.00 USD a month more, whether records come or not: CloudWatch: dashboard 3.00.',
  ]);
});

it('says whose prices they are and of when', () => {
  expect(priceNote(prices)).toBe('list prices of us-east-1 as of 2026-11, no free tier');
});
