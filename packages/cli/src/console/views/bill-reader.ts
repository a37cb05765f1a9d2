import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Fact } from '@tweet-pipes/console/fact';
import type { BillReading, LocalBill, PricedPart } from '@tweet-pipes/console/views/bill/api';
import { templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { meteredItems, type Units } from '@tweet-pipes/local-aws/meter/metered';
import * as z from 'zod';
import { type Bill, makeBill } from '../../costs/bill.ts';
import { explanations } from '../../costs/explanations.ts';
import { type PriceList, readPriceList } from '../../costs/price-list.ts';
import { priceNote } from '../../costs/print-bill.ts';
import { type AppFacts, readAppFacts } from '../../costs/stack-facts.ts';
import { standingFor } from '../../costs/standing.ts';
import { countedFor, mapStacks, scaledUsage } from '../../costs/usage.ts';
import { STREAM_OUTPUT } from '../../stack/core-stack.ts';
import { notFound } from '../api-error.ts';
import type { ConsoleContext } from '../console-context.ts';

const perMillion = 1_000_000;

const meterSchema = z.looseObject({
  stacks: z.record(z.string(), z.record(z.enum(meteredItems), z.number())),
});

type BillContext = Pick<ConsoleContext, 'clients' | 'endpoint' | 'region'>;

/**
 * Prices what the local runtime has done since it was started, by its meter and the templates of its stacks. Throws
 * ApiError where no stack with the pipeline runs.
 */
export async function readBill(context: BillContext): Promise<BillReading> {
  const { endpoint, region } = context;
  if (endpoint === undefined) return { isLocal: false, region };
  const units = await readMeter(endpoint);
  const facts = await readFacts(context, Object.keys(units));
  return { isLocal: true, ...billOf(units, facts, readPriceList()) };
}

/** The bill of these units. What items take in the tables is not known to the meter, so it is not among them. */
export function billOf(units: Readonly<Record<string, Units>>, facts: AppFacts, prices: PriceList): LocalBill {
  const usage = { units, tweetBytes: 0, deletionBytes: 0 };
  const records = units[facts.core]?.kinesisPutUnits ?? 0;
  const scaled: Fact<PricedPart> =
    records === 0
      ? { known: false, why: 'no record has come into the stream of tweets yet' }
      : {
          known: true,
          value: partOf(makeBill(countedFor(scaledUsage(usage, perMillion / records), facts), prices), prices),
        };
  return {
    prices: priceNote(prices),
    session: partOf(makeBill(countedFor(usage, facts), prices), prices),
    records,
    perMillion: scaled,
    standing: partOf(makeBill(mapStacks(facts.stacks, standingFor), prices), prices),
  };
}

function partOf({ usd, lines }: Bill, { prices }: PriceList): PricedPart {
  return {
    usd,
    lines: lines.map(({ item, ...line }) => ({
      ...line,
      explanation: explanations[item],
      source: prices[item].source,
      isSeen: prices[item].certainty === 'seen',
    })),
  };
}

async function readMeter(endpoint: string): Promise<Record<string, Units>> {
  const answer = await fetch(new URL('/_meter', endpoint));
  const { stacks } = meterSchema.parse(await answer.json());
  return stacks;
}

async function readFacts({ clients: { cloudformation } }: BillContext, names: readonly string[]): Promise<AppFacts> {
  const templates = await Promise.all(
    names.map(async (name) => {
      const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName: name }));
      return [name, templateSchema.parse(JSON.parse(TemplateBody))] as const;
    }),
  );
  if (!templates.some(([, { Outputs }]) => Object.hasOwn(Outputs, STREAM_OUTPUT))) {
    throw notFound(
      `A bill is made for the pipeline of tweets, and no stack that runs here has it (${names.join(', ')}).`,
    );
  }
  return readAppFacts(Object.fromEntries(templates));
}
