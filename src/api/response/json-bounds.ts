const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openers = new Set(Buffer.from('{['));
const closers = new Set(Buffer.from('}]'));

/** How much a JSON document may hold. */
export interface JsonBounds {
  values: number;
  depth: number;
}

/**
 * Looks at a JSON document while it arrives and says whether it stays within bounds: what is parsed as a whole holds
 * the thread for as long as it has values, however few bytes these take.
 */
export function boundedJson({ values, depth }: JsonBounds): (chunk: Buffer) => boolean {
  let [count, level, isText, isEscaped] = [0, 0, false, false];
  return (chunk) => {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isText = false;
      } else if (byte === quote) isText = true;
      else if (byte === comma) count += 1;
      else if (openers.has(byte)) {
        count += 1;
        level += 1;
        if (level > depth) return false;
      } else if (closers.has(byte)) level -= 1;
    }
    return count <= values;
  };
}
