import type { Service } from '../api/services.js';
import { defined } from '../defined.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { History } from '../history/history.js';
import type { RequestOptions } from './send-request.js';

type KeepOptions = Pick<RequestOptions, 'nodeId' | 'onKept'> & { service: Service; digest?: string };

/** Keeps what was received. Not awaited: what goes wrong here must not fail a request that is paid for. */
export function keepImages(
  history: History,
  request: GenerationRequest,
  generation: Generation,
  { nodeId, onKept, service, digest }: KeepOptions,
): void {
  if (generation.reused) return showImages(history, request, generation, defined({ nodeId, onKept }));
  const keepsLast = onKept !== undefined;
  history
    .record(request, generation, { keepsLast, service, ...defined({ nodeId, digest }) })
    .then((item) => item && onKept?.(item))
    .catch(() => undefined);
}

/** What another instance has made stays in its history, and is shown here until the node's next image. */
function showImages(
  history: History,
  request: GenerationRequest,
  { images: [image] }: Generation,
  { nodeId, onKept }: Pick<KeepOptions, 'nodeId' | 'onKept'>,
): void {
  if (!image || nodeId === undefined || !onKept) return;
  const item = history.keepDraft(request, image, nodeId);
  if (item) onKept(item);
}
