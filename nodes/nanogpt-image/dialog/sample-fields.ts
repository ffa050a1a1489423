import type { EditedNode } from '../../shared/editor/red.js';
import type { Sample } from './known-request.js';
import { MaskSample } from './mask-sample.js';
import { readDataUrl } from '../../shared/editor/image-url.js';
import { type SampleProperty, sampleProperties } from './sample-properties.js';

interface SampleField extends SampleProperty {
  row: JQuery;
  input: JQuery<HTMLInputElement>;
  mask?: MaskSample;
}

/** What was typed so far, by path, so that the next dialog starts with it. */
const typed: Sample = {};

let rows = 0;

/** One field for each property of the message that the settings read. */
export class SampleFields {
  readonly element = $('<div>');
  readonly #node: EditedNode;
  readonly #known = new Map<string, SampleField>();
  readonly #urls = new Set<string>();
  #fields: SampleField[] = [];

  constructor(node: EditedNode) {
    this.#node = node;
  }

  /** Shows the fields for the current settings; fields that stay keep their values. */
  refresh(): void {
    const keys = sampleProperties(this.#node).map((place) => this.#know(place));
    const fields = keys.map((key) => this.#known.get(key)!);
    this.#replace(fields);
    for (const { mask } of this.#fields) mask?.refresh();
  }

  #replace(fields: SampleField[]): void {
    if (fields.length === this.#fields.length && fields.every((field, index) => field === this.#fields[index])) return;
    this.#fields = fields;
    this.element.children().detach();
    this.element.append(fields.map(({ row }) => row));
  }

  /** Releases the images that are shown. */
  close(): void {
    for (const url of this.#urls) this.#revoke(url);
  }

  /** The texts, by path; '' where nothing was typed. */
  get texts(): Sample {
    return Object.fromEntries(this.#texts.map(({ path, input }) => [path, String(input.val())]));
  }

  /** The file that was chosen for a setting, the first of several. */
  chosenFile(setting: 'image' | 'mask'): File | undefined {
    return this.#fields.find((field) => field.setting === setting && field.kind === 'image')?.input[0]!.files?.[0];
  }

  /**
   * The message's properties by path: texts, and images as data URLs. Where an image is at the path of the prompt, the
   * prompt is `msg.prompt`.
   */
  async message(): Promise<Record<string, unknown>> {
    const texts = Object.entries(this.texts).filter(([, text]) => text !== '');
    const parsed = texts.map(([path, text]) => [path, this.#isObjectAt(path) ? objectIn(text) : text] as const);
    const images = await Promise.all(
      this.#fields
        .filter(({ kind }) => kind === 'image')
        .map(async ({ path, input }) => [path, await dataUrls(input)] as const),
    );
    // A tag of the prompt is text, even if an image is read from there too.
    const isTag = (path: string): boolean => parsed.some(([other]) => other === path) && this.#isTagAt(path);
    const chosen = images
      .filter(([path, urls]) => urls.length > 0 && !isTag(path))
      .map(([path, urls]) => [path, urls.length === 1 ? urls[0] : urls] as const);
    const prompt = this.#texts.find(({ setting }) => setting === 'prompt');
    const isMoved = prompt && this.texts[prompt.path] !== '' && chosen.some(([path]) => path === prompt.path);
    return { ...Object.fromEntries([...parsed, ...chosen]), ...(isMoved && { prompt: this.texts[prompt.path] }) };
  }

  get #texts(): SampleField[] {
    return this.#fields.filter(({ kind }) => kind === 'text');
  }

  #isObjectAt(path: string): boolean {
    return this.#texts.some((field) => field.path === path && field.setting === 'parameters');
  }

  #isTagAt(path: string): boolean {
    return this.#texts.some((field) => field.path === path && field.isTag);
  }

  #know(place: SampleProperty): string {
    const key = `${place.kind} ${place.path}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#make(place));
    return key;
  }

  #make(place: SampleProperty): SampleField {
    const { path, kind, setting, isTag } = place;
    const id = `nanogpt-sample-${(rows += 1)}`;
    const thumbnails = $('<div class="nanogpt-thumbnails">');
    const input = $<HTMLInputElement>('<input>').attr({ id, type: kind === 'text' ? 'text' : 'file' });
    if (kind === 'text') {
      input.val(typed[path] ?? '').on('input', () => (typed[path] = String(input.val())));
      if (!isTag) input.attr('placeholder', this.#node._(setting === 'prompt' ? 'try.promptExample' : 'label.notSent'));
    } else {
      input
        .attr('accept', 'image/png,image/jpeg,image/webp,image/gif,image/avif')
        .prop('multiple', setting === 'image')
        .on('change', () => this.#showThumbnails(input, thumbnails));
    }
    const name = $('<span>').text(isTag ? '' : this.#node._(`label.${setting}`));
    const label = $('<label>')
      .attr('for', id)
      .append(name, ' ', $('<code>').text(`msg.${path}`));
    const row = $('<div class="form-row nanogpt-sample">').append(label, ' ', input, thumbnails);
    if (setting !== 'mask') return { ...place, input, row };
    const mask = new MaskSample(this.#node, { path, input, image: () => this.chosenFile('image') });
    return { ...place, input, mask, row: row.append(mask.element) };
  }

  /** Thumbnails of the chosen images. Their blob URLs live as long as they are shown. */
  #showThumbnails(input: JQuery<HTMLInputElement>, place: JQuery): void {
    for (const img of place.find('img').get()) this.#revoke(img.src);
    const urls = [...(input[0]!.files ?? [])].map((file) => URL.createObjectURL(file));
    for (const url of urls) this.#urls.add(url);
    place.empty().append(urls.map((src) => $('<img alt="">').attr('src', src)));
  }

  #revoke(url: string): void {
    this.#urls.delete(url);
    URL.revokeObjectURL(url);
  }
}

/** Invalid JSON is passed on as text: the runtime says what is wrong with it. */
function objectIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function dataUrls(input: JQuery<HTMLInputElement>): Promise<string[]> {
  return Promise.all([...(input[0]!.files ?? [])].map(readDataUrl));
}
