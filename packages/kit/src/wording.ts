/** `1,234,567` */
export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 record`, `2,500 records` */
export function plural(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}
