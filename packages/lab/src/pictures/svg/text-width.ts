/**
 * About how wide a text in the reader's sans-serif font is, in user units. A picture cannot know that font, so the
 * figures are on the wide side of the usual ones.
 */
export function textWidth(text: string, fontSize: number, weight: 'normal' | 'bold' = 'normal'): number {
  const ems = Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0);
  return ems * fontSize * (weight === 'bold' ? 1.06 : 1);
}

function characterWidth(character: string): number {
  // From U+2E80 on stand scripts and pictographs that take a whole em.
  if ((character.codePointAt(0) ?? 0) >= 0x2e80) return 1;
  if (/[iljtfrI.,:;'!|()[\] ·]/.test(character)) return 0.34;
  if (/[mwMW@%]/.test(character)) return 0.9;
  if (/[A-Z…]/.test(character)) return 0.7;
  return 0.57;
}
