import type { ListedRequest, RunningRequests } from '../../shared/route-answers.js';
import type { ViewRed } from './view-red.js';
import { joinParts } from './describe-item.js';
import { getJson, postJson } from './fetch.js';
import { formatDuration } from './format-time.js';
import type { Texts } from './texts.js';
import { detectChange } from './detect-change.js';
import { makeSection } from './section.js';

declare const RED: ViewRed;

/** The requests that wait or run, each with a button to stop it. Their age is counted in the browser. */
export class RunningList {
  readonly element: JQuery;
  readonly #texts: Texts;
  readonly #list = $('<ul class="nanogpt-running">');
  readonly #isNew = detectChange();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = makeSection(texts._('tab.running')).append(this.#list);
  }

  async refresh(): Promise<void> {
    const { now, running } = await getJson<RunningRequests>('running');
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

  #row(request: ListedRequest, age: JQuery): JQuery {
    const { id, prompt, phase } = request;
    const stop = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr('aria-label', this.#texts._('tab.stopRequest', { prompt }))
      .text(this.#texts._('tab.stop'))
      .on('click', () => void postJson(this.#texts, 'stop', { id }).finally(() => this.refresh()));
    const words = $('<span class="nanogpt-prompt">').text(prompt);
    const details = $('<small class="nanogpt-prompt">').text(this.#describe(request));
    const state = phase === 'waiting' ? $('<span>').text(this.#texts._('tab.waiting')) : '';
    return $('<li>').append($('<div>').append(this.#name(request), ' ', state, ' ', age), words, details, stop);
  }

  /** The node that asks, where it is in the flows of this editor, too; else its host. */
  #name({ nodeId, askedBy }: ListedRequest): JQuery {
    const where = nodeId === undefined ? null : RED.nodes.node(nodeId);
    if (!where) return $('<span>').text(askedBy ?? this.#texts._('tab.try'));
    return $('<a href="#">')
      .text(RED.utils.getNodeLabel(where, where.id))
      .on('click', (event) => {
        event.preventDefault();
        RED.view.reveal(where.id);
      });
  }

  #describe({ model = '', askedBy, sentBy }: ListedRequest): string {
    const from = askedBy === undefined ? '' : this.#texts._('tab.askedBy', { host: askedBy });
    return joinParts(model, from, sentBy === undefined ? '' : this.#texts._('tab.sentBy', { host: sentBy }));
  }
}
