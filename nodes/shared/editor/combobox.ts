import type { Choice, ChoiceList } from './choice-list.js';

/** What a combobox asks of the field around it. */
export interface ComboboxOptions {
  /** Whether the field currently holds the value itself: a TypedInput may read it from elsewhere. */
  isLiteral?(): boolean;
  /** Called before the list is shown. */
  onOpen?(): void;
}

/**
 * A text field with a list of choices (WAI-ARIA: editable combobox with list autocomplete). Typed text stays as it is:
 * the list only offers. Escape closes the list and not the dialog.
 */
export class Combobox<Kind extends Choice = Choice> {
  readonly #input: JQuery;
  readonly #list: ChoiceList<Kind>;
  readonly #options: ComboboxOptions;
  readonly #caret = $(
    '<button type="button" class="nanogpt-caret" tabindex="-1" aria-hidden="true"><i class="fa fa-caret-down"></i></button>',
  );
  #isOpen = false;
  /** Whether the list is filtered by what was typed. */
  #isTyped = false;
  /** The choice that the mouse was pressed on. */
  #pressed: Kind | undefined;

  constructor(input: JQuery, list: ChoiceList<Kind>, options: ComboboxOptions = {}) {
    this.#input = input;
    this.#list = list;
    this.#options = options;
    const row = input.closest('.form-row').addClass('nanogpt-combobox');
    input.closest('.form-row > *').after(this.#caret, list.element);
    input.attr('autocomplete', 'off');
    input.on('input', () => this.#open(String(input.val())));
    input.on('click', () => this.#isOpen || this.#open());
    input.on('keydown', (event) => this.#onKey(event));
    this.#caret.on('click', () => (this.#isOpen ? this.#close() : this.#open(), input.trigger('focus')));
    list.element.on('keydown', (event) => this.#onKeyInHeader(event));
    list.box.on('mousedown', ({ target }) => (this.#pressed = list.choiceAt(target as Element)));
    list.box.on('click', ({ target }) => this.#onClick(target as Element));
    // Keeps the focus in the field while the mouse is used.
    list.element.add(this.#caret).on('mousedown', (event) => event.preventDefault());
    row.on('focusout', ({ relatedTarget }) => {
      if (!relatedTarget || !row[0]!.contains(relatedTarget as Element)) this.#close();
    });
    this.refresh();
  }

  /** Offers other choices; none = the field is a text field like any other. */
  offer(choices: Kind[]): void {
    this.#close();
    this.#list.replace(choices);
    this.refresh();
  }

  /** Call it when the type of the field may have changed. */
  refresh(): void {
    if (!this.#isInUse) this.#close();
    const roles = {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      'aria-controls': this.#list.box.attr('id')!,
      'aria-expanded': String(this.#isOpen),
    };
    if (this.#isInUse) this.#input.attr(roles);
    else this.#input.removeAttr(Object.keys(roles).join(' '));
    this.#caret.toggle(this.#isInUse);
  }

  get #isInUse(): boolean {
    return !this.#list.isEmpty && (this.#options.isLiteral?.() ?? true);
  }

  /** Shows the choices that match a text; without one all of them, with the current one marked. */
  #open(text?: string): void {
    if (!this.#isInUse) return;
    const wasOpen = this.#isOpen;
    this.#isOpen = true;
    this.#isTyped = text !== undefined;
    if (!wasOpen) this.#options.onOpen?.();
    this.#list.element.show();
    this.#list.filter(text ?? '');
    if (text === undefined) this.#list.markValue(String(this.#input.val()));
    // Where there is no room for both, the field is shown.
    if (!wasOpen) for (const part of [this.#list.element, this.#input]) part[0]!.scrollIntoView({ block: 'nearest' });
    this.#tell();
  }

  #close(): void {
    this.#isOpen = false;
    this.#list.element.hide();
    this.#list.mark(-1);
    this.#tell();
  }

  /** Tells screen readers what is open and marked. */
  #tell(): void {
    if (!this.#isInUse) return;
    this.#input.attr({ 'aria-expanded': String(this.#isOpen), 'aria-activedescendant': this.#list.markedId ?? '' });
  }

  /** Takes a choice; without one, the typed text is the value. */
  #choose(choice: Choice | undefined): void {
    this.#close();
    if (choice) this.#input.val(choice.value);
    this.#input.trigger('change');
  }

  /**
   * Rows can move below a mouse that is pressed, as those above are drawn for the first time: what was pressed is then
   * what was meant.
   */
  #onClick(target: Element): void {
    const choice = this.#list.choiceAt(target) ?? this.#pressed;
    if (choice) this.#choose(choice);
  }

  #onKey(event: JQuery.KeyDownEvent): void {
    // After typing, Tab goes to the next field; otherwise it goes to what is above the choices.
    if (event.key === 'Tab' && this.#isTyped) return this.#close();
    const action = this.#actions(event)[event.key];
    if (!action || !this.#isInUse) return;
    event.preventDefault();
    event.stopPropagation();
    action();
    this.#tell();
  }

  /** What the keys do at the moment; other keys keep their meaning in the text. */
  #actions({ altKey }: JQuery.KeyDownEvent): Record<string, (() => void) | undefined> {
    const list = this.#list;
    if (!this.#isOpen) {
      return {
        ArrowDown: () => this.#open(),
        ArrowUp: () => this.#open(),
      };
    }
    return {
      ArrowDown: () => list.step(1),
      ArrowUp: () => (altKey ? this.#close() : list.step(-1)),
      Enter: () => this.#choose(list.marked),
      Escape: () => this.#close(),
      ...(list.marked && { Home: () => list.markEnd('first'), End: () => list.markEnd('last') }),
    };
  }

  /** Moves from the header into the list with the arrow keys. */
  #onKeyInHeader(event: JQuery.KeyDownEvent): void {
    if (!['ArrowDown', 'ArrowUp', 'Escape'].includes(event.key)) return;
    this.#input.trigger('focus');
    this.#onKey(event);
  }
}
