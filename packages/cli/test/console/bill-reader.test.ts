import { describe, expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { billOf, readBill } from '../../src/console/views/bill-reader.ts';
import { explanations } from '../../src/costs/explanations.ts';
import { readPriceList } from '../../src/costs/price-list.ts';
import { coreFacts } from '../costs/facts.ts';
import { contextOf } from './context.ts';

const prices = readPriceList();
const facts = coreFacts();

describe('billOf', () => {
  it('prices the session, and a million of its records', () => {
    const units = { [facts.core]: { ...noUnits, kinesisPutUnits: 2_000, pipesRequests: 3_000_000 } };
    const { session, perMillion, records } = billOf(units, facts, prices);
    expect(records).toBe(2_000);
    const line = { stack: facts.core, label: prices.prices.pipesRequests.label, usdPerUnit: 0.4 };
    expect(session.lines).toContainEqual(expect.objectContaining({ ...line, amount: 3, usd: 1.2 }));
    expect(perMillion.known && perMillion.value.lines).toContainEqual(
      expect.objectContaining({ ...line, amount: 1_500, usd: 600 }),
    );
  });

  it('explains each line', () => {
    const units = { [facts.core]: { ...noUnits, kinesisPutUnits: 1, pipesRequests: 1_000_000 } };
    const { session, standing } = billOf(units, facts, prices);
    for (const { explanation, source } of [...session.lines, ...standing.lines]) {
      expect(explanation).toMatch(/\.$/);
      expect(source).not.toBe('');
    }
  });

  it('says that the price of a million is not known before the first record', () => {
    expect(billOf({ [facts.core]: noUnits }, facts, prices).perMillion).toEqual({
      known: false,
      why: 'no record has come into the stream of tweets yet',
    });
  });
});

describe('readBill', () => {
  it('leaves the bill of a deployed stack to AWS', async () => {
    const { endpoint: _, ...context } = await contextOf({});
    expect(await readBill(context)).toEqual({ isLocal: false, region: 'us-east-1' });
  });
});

it('explains each item that has a price', () => {
  expect(Object.keys(explanations).sort()).toEqual(Object.keys(prices.prices).sort());
});
