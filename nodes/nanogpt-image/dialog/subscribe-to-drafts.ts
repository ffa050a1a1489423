import type { EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

const TOPIC = 'nanogpt-images/draft';

/** The event of a try's partial image. */
interface DraftEvent {
  tryId: string;
  /** Of the image. */
  id: string;
}

/** A subscription to the partial images of one try. */
export interface DraftSubscription {
  tryId: string;
  stop(): void;
}

/** Calls `onDraft` with the id of each partial image of a new try, until it is stopped. */
export function subscribeToDrafts(onDraft: (id: string) => void): DraftSubscription {
  const tryId = RED.nodes.id().replace(/\W/g, '');
  const hear = (_topic: string, data: unknown): void => {
    const event = data as DraftEvent;
    if (event.tryId === tryId) onDraft(event.id);
  };
  RED.comms.subscribe(TOPIC, hear);
  return { tryId, stop: () => RED.comms.unsubscribe(TOPIC, hear) };
}
