const closers: Record<string, string> = { '{': '}', '[': ']' };

/**
 * JSON that was cut off anywhere as whole JSON again: up to the last value that was there in full, every list and
 * object closed behind it; undefined where it holds none.
 */
export function closeJson(text: string): string | undefined {
  let open = '';
  let whole: { end: number; open: string } | undefined;
  let isValue = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') {
      at = endOfString(text, at + 1);
      if (at < text.length && (isValue || open.startsWith(']'))) whole = { end: at + 1, open };
      isValue = false;
    } else if (character === ':') isValue = true;
    else if (character in closers) {
      open = closers[character]! + open;
      isValue = false;
    } else if (character === open[0]) {
      open = open.slice(1);
      whole = { end: at + 1, open };
    } else if (character === ',') {
      whole = { end: at, open };
      isValue = false;
    }
  }
  return whole && text.slice(0, whole.end) + whole.open;
}

/** Where the string that began before a place ends, or the text. */
function endOfString(text: string, from: number): number {
  for (let at = from; ; at += 1) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let escapes = at;
    while (text[escapes - 1] === '\\') escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
}
