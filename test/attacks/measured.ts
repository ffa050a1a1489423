/** What an attack took: the longest stall of the event loop in milliseconds, and the most memory of the process in bytes. */
export interface Measured {
  stall: number;
  memory: number;
}

/** What the attacks of this run took, by what was tried; the table in the docs is written from it. */
export const measured = new Map<string, Measured>();
