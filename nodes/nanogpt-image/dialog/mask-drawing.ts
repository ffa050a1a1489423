/** A point of the image, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** An area of the image, in pixels. */
export interface Area extends Point {
  width: number;
  height: number;
}

/** One step of a drawing. */
export type Step =
  | { kind: 'stroke'; erases: boolean; width: number; points: Point[] }
  | { kind: 'rectangle'; area: Area }
  | { kind: 'invert' };

/** What a mask marks is painted in this; the canvas is see-through elsewhere. */
const COLOR = '#f0f';

/** From here on, of 255, a pixel counts as painted. */
const HALF = 128;

/** Rows of a mask that are turned to black and white in one go. */
const ROWS = 256;

/** A mask as it is drawn, step by step, so that each can be undone. */
export class MaskDrawing {
  readonly canvas = document.createElement('canvas');
  readonly #pen: CanvasRenderingContext2D;
  #steps: Step[] = [];

  constructor(width: number, height: number) {
    Object.assign(this.canvas, { width, height });
    this.#pen = this.canvas.getContext('2d')!;
  }

  /** How many steps were drawn. */
  get length(): number {
    return this.#steps.length;
  }

  draw(step: Step): void {
    this.#steps.push(step);
    this.#paint(step);
  }

  /** Goes on with the stroke that was drawn last. */
  extend(point: Point): void {
    const stroke = this.#steps.at(-1);
    if (stroke?.kind !== 'stroke') return;
    this.#paint({ ...stroke, points: [stroke.points.at(-1)!, point] });
    stroke.points.push(point);
  }

  /** Takes back all steps but the first so many. */
  keep(length: number): void {
    this.#steps = this.#steps.slice(0, Math.max(0, length));
    this.#pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const step of this.#steps) this.#paint(step);
  }

  /** A PNG with white where something was painted, and black elsewhere. */
  async toPng(): Promise<Blob> {
    const { width, height } = this.canvas;
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    const pen = copy.getContext('2d')!;
    for (let top = 0; top < height; top += ROWS) {
      const part = this.#pen.getImageData(0, top, width, Math.min(ROWS, height - top));
      toBlackAndWhite(part.data);
      pen.putImageData(part, 0, top);
    }
    return new Promise((resolve, reject) =>
      copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('PNG'))), 'image/png'),
    );
  }

  #paint(step: Step): void {
    const { width, height } = this.canvas;
    const isErasing = step.kind === 'stroke' && step.erases;
    this.#pen.globalCompositeOperation = isErasing ? 'destination-out' : step.kind === 'invert' ? 'xor' : 'source-over';
    Object.assign(this.#pen, { fillStyle: COLOR, strokeStyle: COLOR, lineCap: 'round', lineJoin: 'round' });
    if (step.kind === 'invert') this.#pen.fillRect(0, 0, width, height);
    else if (step.kind === 'rectangle') this.#pen.fillRect(step.area.x, step.area.y, step.area.width, step.area.height);
    else this.#stroke(step.points, step.width);
  }

  #stroke(points: Point[], width: number): void {
    const [first, ...rest] = points;
    this.#pen.lineWidth = width;
    this.#pen.beginPath();
    this.#pen.moveTo(first!.x, first!.y);
    // A line to where it begins is a dot.
    for (const { x, y } of rest.length > 0 ? rest : points) this.#pen.lineTo(x, y);
    this.#pen.stroke();
  }
}

function toBlackAndWhite(pixels: Uint8ClampedArray): void {
  for (let index = 0; index < pixels.length; index += 4) {
    const value = pixels[index + 3]! >= HALF ? 255 : 0;
    pixels[index] = pixels[index + 1] = pixels[index + 2] = value;
    pixels[index + 3] = 255;
  }
}
