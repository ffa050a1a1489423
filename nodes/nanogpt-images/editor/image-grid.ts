import type { HistoryList, ListedItem } from '../../shared/route-answers.js';
import { clearHistory } from './clear-history.js';
import { describeItem } from './describe-item.js';
import { getImageUrl, getJson, buildPath } from './fetch.js';
import type { Texts } from './texts.js';
import { makeSection } from './section.js';
import { viewImage } from './view-image.js';

/** Milliseconds after the last key before the search starts. */
const PAUSE = 300;

/** The images of the history, the newest first. */
export class ImageGrid {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #grid = $('<div class="nanogpt-grid">');
  readonly #more: JQuery;
  readonly #search: JQuery;
  /** The images shown, by their ids, with their blob URLs. */
  readonly #shown = new Map<string, { item: ListedItem; element: JQuery; url?: string }>();
  #next: string | undefined;
  #turn = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.#search = $('<input type="search">').attr({
      placeholder: texts._('tab.search'),
      'aria-label': texts._('tab.search'),
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.#search.on('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.refresh(), PAUSE);
    });
    this.#more = $('<button type="button" class="red-ui-button">')
      .text(texts._('tab.more'))
      .hide()
      .on('click', () => void this.#loadMore());
    const clear = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(texts._('tab.clear'))
      .on('click', () => void clearHistory(texts));
    this.element = makeSection(texts._('tab.images')).append(this.#search, this.#grid, this.#more, ' ', clear);
  }

  /** Shows the newest images, as many as were loaded; those that are there already stay as they are. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const page = await this.#fetch({ limit: this.#shown.size });
    if (turn !== this.#turn) return;
    const kept = new Set(page.items.map(({ id }) => id));
    for (const id of this.#shown.keys()) if (!kept.has(id)) this.#drop(id);
    page.items.toReversed().forEach((item) => this.#grid.prepend(this.#tile(item)));
    this.#finish(page);
  }

  async #loadMore(): Promise<void> {
    const turn = ++this.#turn;
    const page = await this.#fetch(this.#next === undefined ? {} : { after: this.#next });
    if (turn !== this.#turn) return;
    this.#grid.append(page.items.map((item) => this.#tile(item)));
    this.#finish(page);
  }

  #fetch(query: Record<string, string | number>): Promise<HistoryList> {
    return getJson<HistoryList>('history', { search: String(this.#search.val()), ...query });
  }

  #finish({ next }: HistoryList): void {
    this.#next = next;
    this.#more.toggle(next !== undefined);
    this.#grid.find('.nanogpt-none').remove();
    if (this.#shown.size === 0) this.#grid.append($('<p class="nanogpt-none">').text(this.#texts._('tab.noImages')));
  }

  #tile(item: ListedItem): JQuery {
    const known = this.#shown.get(item.id);
    if (known) return known.element;
    const image = $('<img alt="">');
    const element = $('<button type="button" class="nanogpt-tile">')
      .attr('title', item.prompt)
      .append(image, $('<span>').text(item.prompt), $('<small>').text(unbrokenParts(describeItem(this.#texts, item))))
      .on('click', () => void viewImage(this.#texts, item));
    this.#shown.set(item.id, { item, element });
    void this.#load(item.id, image);
    return element;
  }

  async #load(id: string, image: JQuery): Promise<void> {
    try {
      const url = await getImageUrl(buildPath('thumbnails', id));
      const shown = this.#shown.get(id);
      if (!shown) return URL.revokeObjectURL(url);
      shown.url = url;
      image.attr('src', url);
    } catch {
      image.replaceWith($('<i class="fa fa-picture-o" aria-hidden="true">'));
    }
  }

  #drop(id: string): void {
    const shown = this.#shown.get(id);
    shown?.element.remove();
    if (shown?.url !== undefined) URL.revokeObjectURL(shown.url);
    this.#shown.delete(id);
  }
}

/** Lets a line wrap only between its parts: a tile is so narrow that most would break within one. */
function unbrokenParts(line: string): string {
  return line.replace(/(?<!·) (?!·)/g, '\u00a0');
}
