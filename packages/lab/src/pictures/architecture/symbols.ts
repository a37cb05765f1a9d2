/** Our own symbols, drawn as lines within a square of 18 by 18 around the origin. */
export const symbols = {
  terminal: 'M-7,-5L-2,0L-7,5M0,6H7',
  stream: 'M-8,-5q4,-4 8,0t8,0M-8,1q4,-4 8,0t8,0M-8,7q4,-4 8,0t8,0',
  pipe: 'M-8,-5H-4.5V5H-8M8,-5H4.5V5H8M-4.5,-2.5H4.5M-4.5,2.5H4.5',
  workflow: 'M-3,-8H3V-3H-3ZM-8.5,3H-3.5V8H-8.5ZM3.5,3H8.5V8H3.5ZM0,-3V0M-6,3V0H6V3',
  table: 'M-8,-7H8V7H-8ZM-8,-2.5H8M-8,2H8M-2.5,-7V7',
  function: 'M-4,-8C-7,-8 -5,0 -8,0C-5,0 -7,8 -4,8M4,-8C7,-8 5,0 8,0C5,0 7,8 4,8M-1.5,0H1.5',
  delivery: 'M-8,-5H1M-8,0H7M-8,5H1M3.5,-3.5L7,0L3.5,3.5',
  bucket: 'M-8,-5.5L-5.5,7H5.5L8,-5.5M-8,-5.5A8,2.5 0 0 1 8,-5.5A8,2.5 0 0 1 -8,-5.5',
  clock: 'M-8,0A8,8 0 1 1 8,0A8,8 0 1 1 -8,0M0,-5V0L3.5,2.5',
  face: 'M-8,0A8,8 0 1 1 8,0A8,8 0 1 1 -8,0M-4,2Q0,6 4,2M-3,-3.5V-2M3,-3.5V-2',
  search: 'M2.5,2.5L8,8M4,-2A6,6 0 1 1 -8,-2A6,6 0 1 1 4,-2',
  letter: 'M-8,-6H8V6H-8ZM-8,-6L0,1L8,-6',
} as const;

/** The name of a symbol; it is also the class that colours the part. */
export type SymbolName = keyof typeof symbols;
