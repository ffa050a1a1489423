import type { EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/**
 * The row beneath the key: the button that signs in, in its place link and “Cancel” while the person is waited for, and
 * what has come of it.
 */
export class SignInRow {
  readonly #start = $('#nanogpt-sign-in-start');
  readonly #state = $('#nanogpt-sign-in-state');
  readonly #steps = $('#nanogpt-sign-in .nanogpt-sign-in-steps').hide();
  readonly #cancel = this.#steps.children('button').text(RED._('common.label.cancel'));
  readonly #link = this.#steps.children('a').hide();

  constructor({ start, cancel }: { start(): void; cancel(): void }) {
    this.#start.on('click', start);
    this.#cancel.on('click', cancel);
  }

  get isOpen(): boolean {
    return this.#state[0]!.isConnected;
  }

  /** Waits, with a sentence and the code to compare. */
  wait(text: string, code = ''): void {
    const hasFocus = this.#hasFocus();
    this.#start.hide();
    this.#steps.show();
    if (hasFocus) this.#cancel.trigger('focus');
    this.#show('fa-circle-o-notch fa-spin', text, code);
  }

  /** Offers the page where the code is approved, for whom no tab has opened. */
  link(page: string): void {
    this.#link.attr('href', page).show();
  }

  /** Waits no longer; `next` gets the focus where it was here. */
  rest(icon = '', text = '', next = this.#start): void {
    const hasFocus = this.#hasFocus();
    this.#steps.hide();
    this.#link.hide();
    this.#start.show();
    if (hasFocus) next.trigger('focus');
    this.#show(icon, text);
  }

  /** What stands there already is not read out again. */
  #show(icon: string, text: string, code = ''): void {
    if (this.#state.text() === text + code) return;
    this.#state.empty();
    if (text === '') return;
    const words = $('<span>', { text }).append(code === '' ? [] : $('<strong>', { text: code }));
    this.#state.append($('<i>', { class: `fa ${icon}`, 'aria-hidden': 'true' }), words);
  }

  /** A button that is hidden loses the focus. */
  #hasFocus(): boolean {
    const { activeElement } = document;
    return activeElement === document.body || $(activeElement!).closest('#nanogpt-sign-in').length > 0;
  }
}
