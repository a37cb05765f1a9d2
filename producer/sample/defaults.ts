/** The seed of the sample that the documentation shows. */
export const defaultSeed = 2026;
/** Length of the sample. */
export const defaultRecords = 2500;
