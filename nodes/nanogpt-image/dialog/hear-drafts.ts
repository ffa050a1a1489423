import type { EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

const TOPIC = 'nanogpt-images/draft';

/** The event of a try's partial image. */
interface DraftTick {
  tryId: string;
  /** Of the image. */
  id: string;
}

/** A subscription to the partial images of one try. */
export interface HeardTry {
  tryId: string;
  stop(): void;
}

/** Calls `onDraft` with the id of each partial image of a new try, until it is stopped. */
export function hearDrafts(onDraft: (id: string) => void): HeardTry {
  const tryId = RED.nodes.id().replace(/\W/g, '');
  const hear = (_topic: string, data: unknown): void => {
    const tick = data as DraftTick;
    if (tick.tryId === tryId) onDraft(tick.id);
  };
  RED.comms.subscribe(TOPIC, hear);
  return { tryId, stop: () => RED.comms.unsubscribe(TOPIC, hear) };
}
