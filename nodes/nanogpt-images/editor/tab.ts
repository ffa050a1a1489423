import type { ViewRed } from './view-red.js';
import { ImageGrid } from './image-grid.js';
import type { Texts } from './texts.js';
import { RunningList } from './running-list.js';
import { SpendingList } from './spending-list.js';
import { UnsettledList } from './unsettled-list.js';

declare const RED: ViewRed;

/** A part of the tab that shows what a route answers. */
interface Section {
  element: JQuery;
  refresh(): Promise<void>;
}

/** The sidebar tab: what is running, what was spent, what was made. */
export class Tab {
  readonly #content: JQuery;
  /** Right after a start of Node-RED the first ones are answered at once, the others once the client is loaded. */
  readonly #first: Section[];
  readonly #later: Section[];

  constructor(texts: Texts, content: JQuery) {
    this.#content = content;
    const [running, unsettled, spending, images] = [
      new RunningList(texts),
      new UnsettledList(texts),
      new SpendingList(texts),
      new ImageGrid(texts),
    ];
    this.#first = [running, images];
    this.#later = [unsettled, spending];
    content.append(running.element, unsettled.element, spending.element, images.element);
    RED.comms.subscribe('nanogpt-images/change', () => {
      if (this.#content.is(':visible')) this.refresh();
    });
  }

  /** Asks for all of it again; where Node-RED does not answer, what is shown stays. */
  refresh(): void {
    const refreshAll = (sections: Section[]): Promise<unknown> =>
      Promise.allSettled(sections.map((section) => section.refresh()));
    void refreshAll(this.#first).then(() => refreshAll(this.#later));
  }
}
