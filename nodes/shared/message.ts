/** A message with any properties. */
export type Message = Record<string, unknown>;

/** The result of a message. */
export interface Outcome {
  messages: Message[];
  warnings: string[];
  /** Shown in the status instead of `done`. */
  state?: 'reused';
  /** Shown in the status after the time: the cost or the answer. */
  summary?: string;
  /** Called once the next nodes have the messages: until then a replica may deliver them. */
  onSent?: () => void;
}
