import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** One thing that keeps somebody from using what is on the page. */
interface Violation {
  id: string;
  nodes: { html: string; target: string[] }[];
}

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds in the open dialog, or in another part of the page; one line each. */
export async function barriers(page: Page, selector = '.red-ui-tray .nanogpt-form'): Promise<string[]> {
  // The body of Node-RED's editor has no height, and axe-core takes what overflows nothing for hidden.
  await page.addStyleTag({ content: 'body { height: 100vh }' });
  await page.evaluate(source);
  const violations = await page.evaluate<Violation[]>(`axe.run('${selector}').then(({ violations }) => violations)`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
