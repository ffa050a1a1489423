import { bad, checkOnClick } from '../../shared/editor/check-button.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { currentSettings, typedCredential } from '../../shared/editor/settings.js';
import { type ClusterReport, describeReport } from './describe-report.js';

/** The button that looks into Redis with what the dialog holds now. */
export function checkButton(node: EditedNode): void {
  checkOnClick(node, $('#nanogpt-check-cluster'), $('#nanogpt-cluster-report'), {
    running: node._('check.running'),
    target: () => currentTarget(node),
    check: async () => {
      const answer = await callRoute<ClusterReport>(node, 'nanogpt-cluster/check', postedCluster(node));
      return answer.problem ? [bad(translate(node, answer.problem))] : describeReport(node, answer);
    },
  });
}

/** A cluster for the admin route, with its current settings. */
function postedCluster(node: EditedNode): object {
  return {
    cluster: currentSettings(node),
    password: typedCredential(node, 'password'),
    secret: typedCredential(node, 'secret'),
  };
}

/** Identifies the Redis and how it is read, to detect changes. */
function currentTarget(node: EditedNode): string {
  return JSON.stringify(['url', 'password', 'secret', 'prefix', 'timezone'].map((name) => fieldValue(node, name)));
}
