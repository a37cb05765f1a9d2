/** The folder of an hour in UTC, as Firehose names it: `2026/11/29/10/`. */
export function hourFolder(epochMs: number): string {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  return `${date.replaceAll('-', '/')}/${time.slice(0, 2)}/`;
}
