/** An amount in whole millionths, as Redis sums it. */
export function toMillionths(amount: number): number {
  return Math.round(amount * 1e6);
}

/** The amount that whole millionths are. */
export function fromMillionths(millionths: number): number {
  return millionths / 1e6;
}
