import type { ListedItem, PreviewList } from '../../shared/route-answers.js';
import { formatMoney } from '../../shared/editor/format.js';
import type { ViewNode, ViewRed } from './view-red.js';
import { itemCurrency, joinParts } from './describe-item.js';
import { getImageUrl, getJson, buildPath } from './fetch.js';
import { formatDuration } from './format-time.js';
import type { Texts } from './texts.js';
import { findPreviewLayer } from './preview-layer.js';
import { viewImage } from './view-image.js';

declare const RED: ViewRed;

/** An image to be drawn. Its blob URL is revoked when another image replaces it. */
interface Preview {
  item: ListedItem;
  url: string;
}

/** Side of a preview, in pixels at a zoom of 1. */
const SIDE = 96;

/** Space between a node and its preview, for the node's status. */
const GAP = 20;

/** Milliseconds between two fetches for one node. */
const PAUSE = 1000;

/** The newest image under each node. The nodes are not changed, so nothing of it is saved or exported. */
export class Previews {
  readonly #texts: Texts;
  readonly #layer: SVGGElement;
  readonly #previews = new Map<string, Preview>();
  readonly #painted = new Map<string, SVGGElement>();
  /** The image that each node waits for, and the nodes that are fetching. */
  readonly #wanted = new Map<string, string>();
  readonly #fetching = new Set<string>();

  /** Undefined where this editor's view is unknown: then there are no previews. */
  static start(texts: Texts): Previews | undefined {
    const layer = findPreviewLayer();
    return layer && new Previews(texts, layer);
  }

  private constructor(texts: Texts, layer: SVGGElement) {
    this.#texts = texts;
    this.#layer = layer;
    RED.hooks.add('viewRedrawNode.nanogpt-images', ({ node }) => this.#redraw(node));
    RED.hooks.add('viewRemoveNode.nanogpt-images', ({ node }) => this.#erase(node.id));
    RED.events.on('nodes:remove', (node) => this.#forget((node as ViewNode).id));
  }

  /** Shows the newest image of every node. */
  async showAll(): Promise<void> {
    const { previews } = await getJson<PreviewList>('previews');
    for (const preview of previews) this.show(preview);
  }

  /** Shows an image under its node, and under the subflow instance whose template the node belongs to. */
  show({ node, instance, id }: PreviewList['previews'][number]): void {
    this.#want(node, id);
    const outer = RED.nodes.node(instance);
    if (outer?.type.startsWith('subflow:')) this.#want(instance, id);
  }

  /** Fetches only for visible nodes, and only the newest image of each. */
  #want(node: string, id: string): void {
    this.#wanted.set(node, id);
    const shown = RED.nodes.node(node) as ViewNode | null;
    if (shown && shown.z === RED.workspaces.active()) void this.#fetch(shown);
  }

  async #fetch(node: ViewNode): Promise<void> {
    const id = this.#wanted.get(node.id);
    if (id === undefined || this.#fetching.has(node.id)) return;
    this.#fetching.add(node.id);
    this.#wanted.delete(node.id);
    try {
      const [item, url] = await Promise.all([
        getJson<ListedItem>(buildPath('history', id)),
        getImageUrl(buildPath('thumbnails', id)),
      ]);
      this.#forget(node.id);
      this.#previews.set(node.id, { item, url });
      this.#redraw(node);
    } catch {
      // The history no longer has it, or there is no answer: the shown image stays.
    }
    setTimeout(() => {
      this.#fetching.delete(node.id);
      if (this.#wanted.has(node.id)) void this.#fetch(node);
    }, PAUSE);
  }

  /** Called for every node that the view draws. */
  #redraw(node: ViewNode): void {
    if (this.#wanted.has(node.id)) void this.#fetch(node);
    const preview = this.#previews.get(node.id);
    if (!preview || node.z !== RED.workspaces.active()) return;
    const group = this.#painted.get(node.id) ?? this.#paint(node, preview);
    group.setAttribute('transform', `translate(${node.x - node.w / 2},${node.y + node.h / 2 + GAP})`);
  }

  #paint(node: ViewNode, { item, url }: Preview): SVGGElement {
    const group = svg('g', { class: 'nanogpt-preview' });
    const [width, height] = fit(item);
    const image = svg('image', { href: url, width, height });
    const caption = svg('text', { y: height + 12 });
    caption.textContent = this.#caption(item);
    const title = svg('title', {});
    title.textContent = item.prompt;
    group.append(title, image, caption);
    group.addEventListener('click', () => void viewImage(this.#texts, item));
    this.#layer.append(group);
    this.#painted.set(node.id, group);
    return group;
  }

  #caption(item: ListedItem): string {
    const { cost, durationMs, count } = item;
    return joinParts(
      cost === undefined ? '' : formatMoney(cost * count, itemCurrency(this.#texts, item)),
      durationMs === undefined ? '' : formatDuration(durationMs),
      count > 1 ? `+${count - 1}` : '',
    );
  }

  #erase(node: string): void {
    this.#painted.get(node)?.remove();
    this.#painted.delete(node);
  }

  #forget(node: string): void {
    this.#erase(node);
    const preview = this.#previews.get(node);
    if (preview) URL.revokeObjectURL(preview.url);
    this.#previews.delete(node);
  }
}

/** The size of an image, fitted into a square. */
function fit({ width = SIDE, height = SIDE }: ListedItem): [number, number] {
  const scale = SIDE / Math.max(width, height, 1);
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
