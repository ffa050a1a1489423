/** A message with whatever a flow has put into it. */
export type Message = Record<string, unknown>;

/** What a message led to. */
export interface Outcome {
  messages: Message[];
  warnings: string[];
  /** Shown in the status in the place of `done`. */
  state?: 'reused';
  /** Shown in the status behind the time: what it cost, what was answered. */
  summary?: string;
}
