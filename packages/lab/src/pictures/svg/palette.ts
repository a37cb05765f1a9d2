import type { Color } from './stylesheet.ts';

const color = (light: string, dark: string): Color => ({ light, dark });

/** The colours of all pictures, near those of GitHub's pages. */
export const palette = {
  page: color('#ffffff', '#0d1117'),
  border: color('#d1d9e0', '#30363d'),
  ink: color('#1f2328', '#e6edf3'),
  quiet: color('#59636e', '#9198a1'),
  line: color('#818b98', '#7d8590'),
  box: color('#ffffff', '#161b22'),
  boxBorder: color('#b7c0ca', '#444c56'),
  frame: color('#f4f6f9', '#12171e'),
  frameBorder: color('#c3ccd6', '#3a424c'),
  question: color('#fff6d6', '#2b230e'),
  questionBorder: color('#d4a72c', '#9e7a1b'),
  good: color('#dafbe1', '#10281a'),
  goodBorder: color('#4ac26b', '#2e7d43'),
  goodInk: color('#1a7f37', '#56d364'),
  bad: color('#ffebe9', '#301417'),
  badBorder: color('#ff8182', '#a13b3e'),
  badInk: color('#cf222e', '#ff7b72'),
  alert: color('#bc4c00', '#f0883e'),
  indigo: color('#4f5bd5', '#8b93ff'),
  green: color('#2f9e44', '#51cf66'),
  purple: color('#8250df', '#b98aff'),
  orange: color('#d9730d', '#ffa657'),
  pink: color('#c2255c', '#ff8fb1'),
  teal: color('#0b7285', '#3bc9db'),
} as const;
