import type { ViewRed } from './view-red.js';
import { ImageGrid } from './image-grid.js';
import type { Texts } from './texts.js';
import { RunningList } from './running-list.js';
import { SpendingList } from './spending-list.js';
import { UnsettledList } from './unsettled-list.js';

declare const RED: ViewRed;

/** The sidebar tab: what is running, what was spent, what was made. */
export class Tab {
  readonly #content: JQuery;
  readonly #sections: { element: JQuery; refresh(): Promise<void> }[];

  constructor(texts: Texts, content: JQuery) {
    this.#content = content;
    this.#sections = [RunningList, UnsettledList, SpendingList, ImageGrid].map((Section) => new Section(texts));
    content.append(this.#sections.map(({ element }) => element));
    RED.comms.subscribe('nanogpt-images/change', () => {
      if (this.#content.is(':visible')) this.refresh();
    });
  }

  /** Asks for all of it again; where Node-RED does not answer, what is shown stays. */
  refresh(): void {
    for (const section of this.#sections) section.refresh().catch(() => undefined);
  }
}
