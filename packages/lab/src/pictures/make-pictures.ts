import { compareWithTemplate } from './architecture/compare.ts';
import { salesLake } from './architecture/sales-lake.ts';
import { readTemplate, type Template, withoutHash } from './architecture/template.ts';
import { tweetLake } from './architecture/tweet-lake.ts';
import { tweetPipes } from './architecture/tweet-pipes.ts';
import { drawArchitecture } from './draw-architecture.ts';
import { drawStateMachine } from './draw-state-machine.ts';
import type { PictureFile } from './picture-files.ts';

/** The pictures of the stacks, and what stands between them and the truth. */
export interface Pictures {
  readonly files: readonly PictureFile[];
  /** What the descriptions of the stacks and their templates disagree about, as sentences for people. */
  readonly disagreements: readonly string[];
}

/** The options of the app that has everything that is drawn. */
export const drawnContext = { 'tweetPipes:sentiment': 'comprehend' };

/**
 * Makes all pictures of templates that were parsed from JSON, by the names of their stacks. Throws when one is missing
 * or no template, or has not its workflow.
 */
export function makePictures(stacks: Readonly<Record<string, unknown>>): Pictures {
  const core = readTemplate(stacks.TweetPipes);
  const lake = readTemplate(stacks.TweetLake);
  const sales = readTemplate(stacks.SalesLake);
  const ingest = {
    title: 'The ingest workflow',
    subtitle: 'One execution stores a batch of tweets and counts their hashtags exactly once.',
  };
  const sentiment = {
    title: 'The sentiment workflow',
    subtitle: 'One execution asks Comprehend about a batch of new tweets, and gives a row of each.',
  };
  return {
    files: [
      { name: 'architecture.svg', svg: drawArchitecture(tweetPipes) },
      { name: 'ingest-workflow.svg', svg: drawStateMachine(definitionOf('IngestWorkflow', core), ingest) },
      { name: 'lake.svg', svg: drawArchitecture(tweetLake) },
      { name: 'sales-lake.svg', svg: drawArchitecture(salesLake) },
      { name: 'sentiment-workflow.svg', svg: drawStateMachine(definitionOf('SentimentWorkflow', lake), sentiment) },
    ],
    disagreements: [
      ...compareWithTemplate(core, tweetPipes),
      ...compareWithTemplate(lake, tweetLake),
      ...compareWithTemplate(sales, salesLake),
    ],
  };
}

function definitionOf(construct: string, { resources }: Template): unknown {
  const [found] = [...resources].filter(([id]) => withoutHash(id) === `${construct}StateMachine`);
  const definition = found?.[1].properties.DefinitionString;
  if (typeof definition !== 'string') throw new Error(`The template has no ${construct} with its definition as text.`);
  return JSON.parse(definition);
}
