/** One choice of a list. */
export interface Choice {
  /** The value for the field. */
  value: string;
  /** The text that is searched. */
  words: string;
  /** Makes its parts, shown side by side; called once. */
  show(): HTMLElement[];
}

/** What a list shows besides its choices. */
export interface ChoiceListOptions {
  /** Its accessible name. */
  label: string;
  /** Shown above the choices. */
  header?: JQuery;
  /** The text about the number of matching choices. */
  status?(fitting: number, all: number): string;
}

interface Item<Kind> {
  choice: Kind;
  words: string;
  element: HTMLElement;
}

let lists = 0;

/**
 * A list of choices below a field: which of them match, and which one is marked. The elements are made once and then
 * only shown and hidden.
 */
export class ChoiceList<Kind extends Choice = Choice> {
  readonly element: JQuery;
  readonly box: JQuery;
  readonly #options: ChoiceListOptions;
  readonly #status = $('<div class="nanogpt-tip" role="status">');
  #choices: Kind[] = [];
  #items: Item<Kind>[] | undefined;
  #fitting: Item<Kind>[] = [];
  #marked = -1;
  #text = '';
  #accepts: (choice: Kind) => boolean = () => true;

  constructor(options: ChoiceListOptions) {
    this.#options = options;
    this.box = $('<ul role="listbox">').attr({ id: `nanogpt-list-${(lists += 1)}`, 'aria-label': options.label });
    this.element = $('<div class="nanogpt-list">')
      .append(options.header ?? '', this.box, options.status ? this.#status : '')
      .hide();
  }

  get isEmpty(): boolean {
    return this.#choices.length === 0;
  }

  /** The marked choice. */
  get marked(): Kind | undefined {
    return this.#fitting[this.#marked]?.choice;
  }

  /** The id of the marked choice's element. */
  get markedId(): string | undefined {
    return this.#fitting[this.#marked]?.element.id;
  }

  replace(choices: Kind[]): void {
    this.#choices = choices;
    this.#items = undefined;
    this.box.empty();
  }

  /** Makes the elements of all choices, unless they exist. */
  prepare(): Item<Kind>[] {
    return (this.#items ??= this.#make());
  }

  /** Shows only the choices that contain every word of a text, and marks none. */
  filter(text: string): void {
    this.#text = text;
    const words = text.toLowerCase().split(/\s+/);
    this.mark(-1);
    const items = this.prepare();
    this.#fitting = items.filter((item) => {
      const isFitting = words.every((word) => item.words.includes(word)) && this.#accepts(item.choice);
      item.element.hidden = !isFitting;
      return isFitting;
    });
    this.#status.text(this.#options.status?.(this.#fitting.length, items.length) ?? '');
  }

  /** Shows only the choices that are also accepted. */
  narrow(accepts: (choice: Kind) => boolean): void {
    this.#accepts = accepts;
    this.filter(this.#text);
  }

  /** Marks the choice at a position among the matching ones; -1 = none. */
  mark(index: number): void {
    this.#fitting[this.#marked]?.element.setAttribute('aria-selected', 'false');
    this.#marked = index;
    const element = this.#fitting[index]?.element;
    element?.setAttribute('aria-selected', 'true');
    element?.scrollIntoView({ block: 'nearest' });
  }

  markValue(value: string): void {
    this.mark(this.#fitting.findIndex(({ choice }) => choice.value === value));
  }

  /** Marks the next or the previous choice; the first follows the last. */
  step(by: 1 | -1): void {
    const { length } = this.#fitting;
    if (length > 0) this.mark(this.#marked < 0 && by < 0 ? length - 1 : (this.#marked + by + length) % length);
  }

  markEnd(end: 'first' | 'last'): void {
    this.mark(end === 'first' ? 0 : this.#fitting.length - 1);
  }

  /** The choice that an element of the list belongs to. */
  choiceAt(element: Element): Kind | undefined {
    return this.#fitting.find((item) => item.element.contains(element))?.choice;
  }

  #make(): Item<Kind>[] {
    const items = this.#choices.map((choice, index) => {
      const element = document.createElement('li');
      element.role = 'option';
      element.id = `${this.box.attr('id')}-${index}`;
      element.setAttribute('aria-selected', 'false');
      // The spaces are for screen readers, which read it as one text.
      element.append(...choice.show().flatMap((part) => [part, ' ']));
      return { choice, words: choice.words.toLowerCase(), element };
    });
    this.box[0]!.append(...items.map(({ element }) => element));
    return items;
  }
}

/** A part of a choice. Made without jQuery, which is ten times slower for a list of 200. */
export function makeSpan(text: string, className = ''): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
