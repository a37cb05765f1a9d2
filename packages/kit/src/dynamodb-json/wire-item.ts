/**
 * An item of the SDK as the API and table streams write it: the SDK gives binary values as bytes, DynamoDB JSON has
 * them in base64.
 */
export function wireItem(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(item, function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
      // A Buffer has become another object by now.
      const given = this[key];
      return given instanceof Uint8Array ? Buffer.from(given).toString('base64') : value;
    }),
  );
}
