/** What `--roles` may say. */
export const modes = ['enforce', 'off'] as const;

export type Mode = (typeof modes)[number];
