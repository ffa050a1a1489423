import type { ViewRed } from './view-red.js';
import { joinParts } from './describe-item.js';
import { getJson, postJson } from './fetch.js';
import { formatDuration } from './format-time.js';
import type { Texts } from './texts.js';
import { noticeChange } from './notice-change.js';
import { makeSection } from './section.js';

declare const RED: ViewRed;

/** A request that waits or is running. */
interface RunningRequest {
  id: string;
  nodeId?: string;
  prompt: string;
  model?: string;
  phase: 'waiting' | 'running';
  /** By Node-RED's clock. */
  started: number;
  /** Host names, where another Node-RED shares the account and has asked, and of the one that sends it. */
  askedBy?: string;
  sentBy?: string;
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

  #row(request: RunningRequest, age: JQuery): JQuery {
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
  #name({ nodeId, askedBy }: RunningRequest): JQuery {
    const where = nodeId === undefined ? null : RED.nodes.node(nodeId);
    if (!where) return $('<span>').text(askedBy ?? this.#texts._('tab.try'));
    return $('<a href="#">')
      .text(RED.utils.getNodeLabel(where, where.id))
      .on('click', (event) => {
        event.preventDefault();
        RED.view.reveal(where.id);
      });
  }

  #describe({ model = '', askedBy, sentBy }: RunningRequest): string {
    const from = askedBy === undefined ? '' : this.#texts._('tab.askedBy', { host: askedBy });
    return joinParts(model, from, sentBy === undefined ? '' : this.#texts._('tab.sentBy', { host: sentBy }));
  }
}
