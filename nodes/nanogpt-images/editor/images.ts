import { Previews } from './previews.js';
import { Tab } from './tab.js';
import { warnOfEndingModels } from './warn-of-ending-models.js';
import type { Texts } from './texts.js';

export { warnOfEndingModels };

let previews: Previews | undefined;
let tab: Tab | undefined;

/** Shows an image under its node; `event` says which, `{node, instance, id}`. */
export function showPreview(texts: Texts, event: object): void {
  previews ??= Previews.start(texts);
  const { node, instance, id } = event as Record<string, unknown>;
  if (typeof node !== 'string' || typeof instance !== 'string' || typeof id !== 'string') return;
  previews?.show({ node, instance, id });
}

/** Shows the newest image under each node that has made one. */
export async function showPreviews(texts: Texts): Promise<void> {
  previews ??= Previews.start(texts);
  await previews?.showAll();
}

/** Fills the sidebar tab when it is first shown, and updates it every time. */
export function openTab(texts: Texts, content: JQuery): void {
  tab ??= new Tab(texts, content);
  tab.refresh();
}
