import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/** https://aws.amazon.com/comprehend/pricing/: a unit for each started 100 characters, and three for each document. */
const charactersOfUnit = 100;
const leastUnits = 3;

/** What Comprehend bills for a call that it answered: each document with a result. */
export function comprehendUnits(operation: string, input: JsonObject, answer: Json): number {
  if (operation === 'detectSentiment') return unitsOfText(input.Text);
  const results = isJsonObject(answer) && Array.isArray(answer.ResultList) ? answer.ResultList : [];
  const texts = Array.isArray(input.TextList) ? input.TextList : [];
  return results
    .filter(isJsonObject)
    .reduce((units: number, { Index }) => units + unitsOfText(texts[Number(Index)]), 0);
}

function unitsOfText(text: Json | undefined): number {
  return Math.max(leastUnits, Math.ceil([...String(text)].length / charactersOfUnit));
}
