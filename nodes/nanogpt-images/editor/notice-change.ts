/** Gives a function that tells whether data is other than at its last call: what has not changed is not drawn again, and keeps the focus. */
export function noticeChange(): (data: unknown) => boolean {
  let last: string | undefined;
  return (data) => {
    const text = JSON.stringify(data);
    const isNew = text !== last;
    last = text;
    return isNew;
  };
}
