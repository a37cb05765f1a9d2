/** Types of the used parts of leveldown 6.1, which has none. */

declare module 'leveldown' {
  const leveldown: {
    /** Makes the files of a closed database usable again with what can be read of them. */
    repair(folder: string, callback: (error: Error | null) => void): void;
  };
  export default leveldown;
}
