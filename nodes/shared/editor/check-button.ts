import { findForm } from './field-value.js';
import type { EditedNode } from './red.js';

/** A line of what a check found. */
export interface Finding {
  kind: 'good' | 'risk' | 'bad' | 'running';
  text: string;
}

/** What a button checks, and what it shows meanwhile. */
export interface CheckOptions {
  /** Shown meanwhile. */
  running: string;
  /** Identifies what is checked, to detect changes. */
  target(): string;
  check(): Promise<Finding[]>;
}

const ICONS: Record<Finding['kind'], string> = {
  good: 'fa-check-circle',
  risk: 'fa-exclamation-circle',
  bad: 'fa-exclamation-triangle',
  running: 'fa-circle-o-notch fa-spin',
};

/** Works. */
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

/**
 * Makes a button check what the dialog holds now. What was found is shown until that changes; an answer that comes
 * after a change is dropped.
 */
export function checkOnClick(
  node: EditedNode,
  button: JQuery,
  place: JQuery,
  { running, target, check }: CheckOptions,
): void {
  let checked: { target: string } | undefined;

  button.on('click', () => void run());
  findForm(node).on('input change', () => {
    if (!checked || checked.target === target()) return;
    checked = undefined;
    button.prop('disabled', false);
    place.empty();
  });

  async function run(): Promise<void> {
    const current = { target: target() };
    checked = current;
    button.prop('disabled', true);
    show([{ kind: 'running', text: running }]);
    const findings = await check();
    if (checked !== current || !button[0]!.isConnected) return;
    button.prop('disabled', false);
    // A disabled button loses the focus.
    if (document.activeElement === document.body) button.trigger('focus');
    show(findings);
  }

  function show(findings: Finding[]): void {
    const lines = findings.map(({ kind, text }) =>
      $('<div>', { class: 'nanogpt-answer' }).append(
        $('<i>', { class: `fa ${ICONS[kind]}`, 'aria-hidden': 'true' }),
        $('<span>', { text }),
      ),
    );
    place.empty().append(lines);
  }
}
