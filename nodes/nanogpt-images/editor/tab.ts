import type { ViewRed } from './view-red.js';
import { ImageGrid } from './image-grid.js';
import type { Texts } from './texts.js';
import { RunningList } from './running-list.js';
import { SpendingList } from './spending-list.js';

declare const RED: ViewRed;

/** The sidebar tab: what is running, what was spent, what was made. */
export class Tab {
  readonly #content: JQuery;
  readonly #running: RunningList;
  readonly #spending: SpendingList;
  readonly #images: ImageGrid;

  constructor(texts: Texts, content: JQuery) {
    this.#content = content;
    this.#running = new RunningList(texts);
    this.#spending = new SpendingList(texts);
    this.#images = new ImageGrid(texts);
    content.append(this.#running.element, this.#spending.element, this.#images.element);
    RED.comms.subscribe('nanogpt-images/change', () => {
      if (this.#content.is(':visible')) this.refresh();
    });
  }

  /** Asks for all of it again. */
  refresh(): void {
    void this.#running.refresh();
    void this.#spending.refresh();
    void this.#images.refresh();
  }
}
