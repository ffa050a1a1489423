import { fieldValue, findForm } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { currentSettings, typedCredential } from '../../shared/editor/settings.js';
import { type ClusterReport, describeReport } from './describe-report.js';
import type { Finding } from './finding.js';

const ICONS: Record<Finding['kind'], string> = {
  good: 'fa-check-circle',
  risk: 'fa-exclamation-circle',
  bad: 'fa-exclamation-triangle',
  running: 'fa-circle-o-notch fa-spin',
};

/**
 * The button that looks into Redis with what the dialog holds now. What it found is shown until the address or a credential changes;
 * an answer that comes after a change is dropped.
 */
export function checkButton(node: EditedNode): void {
  const button = $('#nanogpt-check-cluster');
  const report = $('#nanogpt-cluster-report');
  let checked: { target: string } | undefined;

  button.on('click', () => void check());
  findForm(node).on('input change', () => {
    if (!checked || checked.target === currentTarget(node)) return;
    checked = undefined;
    button.prop('disabled', false);
    report.empty();
  });

  async function check(): Promise<void> {
    const run = { target: currentTarget(node) };
    checked = run;
    button.prop('disabled', true);
    show([{ kind: 'running', text: node._('check.running') }]);
    const answer = await callRoute<ClusterReport>(node, 'nanogpt-cluster/check', postedCluster(node));
    if (checked !== run || !button[0]!.isConnected) return;
    button.prop('disabled', false);
    // A disabled button loses the focus.
    if (document.activeElement === document.body) button.trigger('focus');
    show(answer.problem ? [{ kind: 'bad', text: translate(node, answer.problem) }] : describeReport(node, answer));
  }

  function show(findings: Finding[]): void {
    const lines = findings.map(({ kind, text }) =>
      $('<div>', { class: 'nanogpt-answer' }).append(
        $('<i>', { class: `fa ${ICONS[kind]}`, 'aria-hidden': 'true' }),
        $('<span>', { text }),
      ),
    );
    report.empty().append(lines);
  }
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
  return JSON.stringify(['url', 'password', 'secret', 'prefix'].map((name) => fieldValue(node, name)));
}
