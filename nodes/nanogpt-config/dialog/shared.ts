import type { Failed, Share } from '../../shared/route-answers.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { translate } from '../../shared/editor/request.js';
import { limitsText } from '../../shared/editor/limits-text.js';

/** Shows who shares the account now, and what holds for all of them together. */
export function showShare(node: EditedNode, share: Share | Failed): void {
  const text = share.problem
    ? translate(node, share.problem)
    : node._('tip.sharedNow', { instances: share.instances, limits: limitsText(node, share) });
  $('#nanogpt-shared-now').text(text);
}
