import type { ViewRed } from './view-red.js';
import { getJson, postJson } from './fetch.js';
import { formatDuration } from './format.js';
import type { Texts } from './texts.js';
import { noticeChange } from './notice-change.js';
import { makeSection } from './section.js';

declare const RED: ViewRed;

/** A request that waits or is running. */
interface RunningRequest {
  id: string;
  nodeId?: string;
  prompt: string;
  phase: 'waiting' | 'running';
  /** By Node-RED's clock. */
  started: number;
}

/** The requests that wait or run, each with a button to stop it. Their age is counted in the browser. */
export class RunningList {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #list = $('<ul class="nanogpt-running">');
  readonly #isNew = noticeChange();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = makeSection(texts._('tab.running')).append(this.#list);
  }

  async refresh(): Promise<void> {
    const { now, running } = await getJson<{ now: number; running: RunningRequest[] }>('running');
    if (!this.#isNew(running)) return;
    const ahead = now - Date.now();
    clearInterval(this.#timer);
    const ages = running.map(({ started }) => ({ element: $('<span class="nanogpt-age">'), started }));
    const count = (): void =>
      ages.forEach(({ element, started }) => element.text(formatDuration(Date.now() + ahead - started)));
    count();
    if (running.length > 0) this.#timer = setInterval(count, 1000);
    const rows = running.map((work, index) => this.#row(work, ages[index]!.element));
    this.#list
      .empty()
      .append(rows.length > 0 ? rows : [$('<li class="nanogpt-none">').text(this.#texts._('tab.nothingRuns'))]);
  }

  #row({ id, nodeId, prompt, phase }: RunningRequest, age: JQuery): JQuery {
    const stop = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr('aria-label', this.#texts._('tab.stopRequest', { prompt }))
      .text(this.#texts._('tab.stop'))
      .on('click', () => void postJson('stop', { id }).finally(() => this.refresh()));
    const where = nodeId === undefined ? null : RED.nodes.node(nodeId);
    const name = where
      ? $('<a href="#">')
          .text(RED.utils.getNodeLabel(where, where.id))
          .on('click', (event) => {
            event.preventDefault();
            RED.view.reveal(where.id);
          })
      : $('<span>').text(this.#texts._('tab.try'));
    const words = $('<span class="nanogpt-prompt">').text(prompt);
    const state = phase === 'waiting' ? $('<span>').text(this.#texts._('tab.waiting')) : '';
    return $('<li>').append($('<div>').append(name, ' ', state, ' ', age), words, stop);
  }
}
