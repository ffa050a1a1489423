/** A line of what was found in a cluster. */
export interface Finding {
  kind: 'good' | 'risk' | 'bad' | 'running';
  text: string;
}

export function good(text: string): Finding {
  return { kind: 'good', text };
}

/** Works, but something may be lost. */
export function risk(text: string): Finding {
  return { kind: 'risk', text };
}

/** Does not work. */
export function bad(text: string): Finding {
  return { kind: 'bad', text };
}
