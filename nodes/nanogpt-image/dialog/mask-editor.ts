import type { EditedNode } from '../../shared/editor/red.js';
import type { MaskDrawing, Point } from './mask-drawing.js';
import { RectangleOutline } from './rectangle-outline.js';

const TOOLS = [
  { tool: 'brush', icon: 'fa-paint-brush' },
  { tool: 'eraser', icon: 'fa-eraser' },
  { tool: 'rectangle', icon: 'fa-square-o' },
] as const;
type Tool = (typeof TOOLS)[number]['tool'];

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** An image with a mask that is painted over it, and the tools for it. */
export class MaskEditor {
  readonly element: JQuery;
  readonly #node: EditedNode;
  readonly #drawing: MaskDrawing;
  readonly #outline: RectangleOutline;
  readonly #stage = $('<div class="nanogpt-stage" tabindex="0" role="application">');
  readonly #position = $('<span role="status">');
  readonly #undo: JQuery;
  readonly #width: JQuery;
  #tool: Tool = 'brush';
  /** Where the pointer went down. */
  #from: Point | undefined;

  constructor(node: EditedNode, image: HTMLImageElement, drawing: MaskDrawing) {
    this.#node = node;
    this.#drawing = drawing;
    const { canvas } = drawing;
    this.#outline = new RectangleOutline(canvas);
    this.#undo = this.#button('undo', 'fa-undo', () => this.#takeBack());
    const width = node._('painter.width');
    this.#width = $('<input type="range" min="1" max="40" value="8">').attr({ 'aria-label': width, title: width });
    this.#stage
      .attr({ 'aria-label': node._('painter.stage'), 'aria-describedby': 'nanogpt-mask-hint' })
      .css({ aspectRatio: `${canvas.width} / ${canvas.height}`, '--nanogpt-ratio': canvas.width / canvas.height })
      .append($(image).attr({ alt: '', draggable: 'false' }), canvas, this.#outline.element);
    this.#stage.on('pointerdown', (event) => this.#begin(event));
    this.#stage.on('pointermove', (event) => this.#move(event));
    this.#stage.on('pointerup pointercancel', () => this.#end());
    this.#stage.on('keydown', (event) => this.#onKey(event));
    this.element = $('<div class="nanogpt-form nanogpt-mask-editor">').append(
      this.#toolbar(),
      $('<div class="nanogpt-tip" id="nanogpt-mask-hint">').text(node._('painter.hint')),
      this.#stage,
    );
    this.element.on('keydown', (event) => this.#onUndoKey(event));
    this.#refresh();
  }

  #toolbar(): JQuery {
    const tools = TOOLS.map(({ tool, icon }) =>
      this.#button(tool, icon, () => this.#choose(tool)).attr('data-tool', tool),
    );
    const invert = this.#button('invert', 'fa-adjust', () => this.#draw({ kind: 'invert' }));
    const group = $('<div role="group">').attr('aria-label', this.#node._('painter.tools')).append(tools);
    return $('<div class="nanogpt-tools">').append(group, this.#width, invert, this.#undo, this.#position);
  }

  #button(name: Tool | 'invert' | 'undo', icon: string, use: () => void): JQuery {
    return $('<button type="button" class="nanogpt-button">')
      .append(
        $('<i class="fa" aria-hidden="true">').addClass(icon),
        ' ',
        $('<span>').text(this.#node._(`painter.${name}`)),
      )
      .on('click', use);
  }

  #choose(tool: Tool): void {
    this.#tool = tool;
    this.#outline.span();
    this.#refresh();
  }

  #draw(step: Parameters<MaskDrawing['draw']>[0]): void {
    this.#drawing.draw(step);
    this.#refresh();
  }

  #takeBack(): void {
    this.#drawing.keep(this.#drawing.length - 1);
    this.#refresh();
  }

  #refresh(): void {
    this.#undo.prop('disabled', this.#drawing.length === 0);
    for (const button of this.element.find('[data-tool]').get())
      button.setAttribute('aria-pressed', String(button.dataset.tool === this.#tool));
    const { area } = this.#outline;
    const [x, y, width, height] = area ? [area.x, area.y, area.width, area.height].map(Math.round) : [];
    this.#position.text(area ? `${x}, ${y}: ${width} × ${height}` : '');
  }

  #begin(event: JQuery.TriggeredEvent): void {
    const { button, pointerId } = event.originalEvent as PointerEvent;
    if (button !== 0) return;
    this.#stage[0]!.setPointerCapture(pointerId);
    this.#from = this.#point(event);
    if (this.#tool === 'rectangle') return;
    const { width, height } = this.#drawing.canvas;
    this.#draw({
      kind: 'stroke',
      erases: this.#tool === 'eraser',
      width: Math.max(1, (Number(this.#width.val()) / 100) * Math.min(width, height)),
      points: [this.#from],
    });
  }

  #move(event: JQuery.TriggeredEvent): void {
    if (!this.#from) return;
    const point = this.#point(event);
    if (this.#tool === 'rectangle') this.#outline.span(this.#from, point);
    else this.#drawing.extend(point);
    this.#refresh();
  }

  #end(): void {
    if (!this.#from) return;
    this.#from = undefined;
    if (this.#tool === 'rectangle') this.#paintRectangle();
  }

  #paintRectangle(): void {
    const { area } = this.#outline;
    this.#outline.span();
    if (area && area.width > 0 && area.height > 0) this.#drawing.draw({ kind: 'rectangle', area });
    this.#refresh();
  }

  /** Where the pointer is, in pixels of the mask. */
  #point(event: JQuery.TriggeredEvent): Point {
    const { clientX, clientY } = event.originalEvent as PointerEvent;
    const { canvas } = this.#drawing;
    const place = canvas.getBoundingClientRect();
    const toPixels = (distance: number, shown: number, all: number): number =>
      Math.min(Math.max((distance / shown) * all, 0), all);
    return {
      x: toPixels(clientX - place.left, place.width, canvas.width),
      y: toPixels(clientY - place.top, place.height, canvas.height),
    };
  }

  /** With Ctrl, the keys belong to the dialogs of Node-RED. */
  #onKey(event: JQuery.TriggeredEvent): void {
    const { key, shiftKey, ctrlKey, metaKey } = event.originalEvent as KeyboardEvent;
    if (this.#tool !== 'rectangle' || ctrlKey || metaKey) return;
    const arrow = ARROWS[key];
    if (arrow) this.#outline.step(arrow, shiftKey);
    else if (key === 'Enter' || key === ' ') this.#paintRectangle();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.#refresh();
  }

  /** The editor would undo a change of the flow. */
  #onUndoKey(event: JQuery.TriggeredEvent): void {
    const { key, ctrlKey, metaKey } = event.originalEvent as KeyboardEvent;
    if (key.toLowerCase() !== 'z' || !(ctrlKey || metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#takeBack();
  }
}
