/**
 * A spinner with the seconds since it was started. Hidden from screen readers: the text beside it is announced once.
 */
export class Stopwatch {
  readonly element = $('<div class="nanogpt-waiting" aria-hidden="true">').hide();
  readonly #seconds = $('<span>');
  #timer: number | undefined;

  constructor() {
    this.element.append($('<i class="fa fa-circle-o-notch fa-spin">'), this.#seconds);
  }

  start(): void {
    this.stop();
    const begin = Date.now();
    const show = (): JQuery => this.#seconds.text(`${Math.round((Date.now() - begin) / 1000)} s`);
    show();
    this.element.show();
    this.#timer = window.setInterval(show, 1000);
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.element.hide();
  }
}
