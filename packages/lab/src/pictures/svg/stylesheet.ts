/** A colour on a light and on a dark page, as CSS writes it. */
export interface Color {
  readonly light: string;
  readonly dark: string;
}

/** CSS declarations; a colour becomes two rules, one for each kind of page. */
export type Declarations = Readonly<Record<string, string | Color>>;

/** Declarations by selector. */
export type Rules = Readonly<Record<string, Declarations>>;

/**
 * A style sheet that follows the reader's colour scheme. It names colours directly instead of custom properties,
 * because programs other than browsers draw SVG too.
 */
export function stylesheet(rules: Rules): string {
  const dark = Object.entries(rules).flatMap(([selector, declarations]) => {
    const colors = Object.entries(declarations).filter(([, value]) => typeof value !== 'string');
    return colors.length === 0 ? [] : [rule(selector, colors, 'dark')];
  });
  return [
    ...Object.entries(rules).map(([selector, declarations]) => rule(selector, Object.entries(declarations), 'light')),
    '@media (prefers-color-scheme: dark) {',
    ...dark,
    '}',
  ].join('\n');
}

function rule(selector: string, declarations: readonly [string, string | Color][], scheme: keyof Color): string {
  const texts = declarations.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : value[scheme]}`);
  return `${selector} { ${texts.join('; ')} }`;
}
