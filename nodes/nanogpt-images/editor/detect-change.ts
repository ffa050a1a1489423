/**
 * Returns a predicate that is true when the data differs from its last call: unchanged data is not drawn again, and
 * keeps the focus.
 */
export function detectChange(): (data: unknown) => boolean {
  let last: string | undefined;
  return (data) => {
    const text = JSON.stringify(data);
    const isNew = text !== last;
    last = text;
    return isNew;
  };
}
