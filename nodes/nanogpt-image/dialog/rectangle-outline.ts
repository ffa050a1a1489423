import type { Area, Point } from './mask-drawing.js';

/** How far an arrow key moves or stretches a rectangle, in parts of the image's side. */
const STEP = 1 / 40;

/**
 * The outline of a rectangle that is not painted yet: dragged with the
 * mouse, or moved and stretched with the arrow keys.
 */
export class RectangleOutline {
  readonly element = $('<div class="nanogpt-outline" aria-hidden="true">').hide();
  readonly #image: Pick<Area, 'width' | 'height'>;
  #area: Area | undefined;

  constructor(image: Pick<Area, 'width' | 'height'>) {
    this.#image = image;
  }

  get area(): Area | undefined {
    return this.#area;
  }

  /** Spans it between two corners; without them there is none. */
  span(from?: Point, to?: Point): void {
    this.#set(
      from &&
        to && {
          x: Math.min(from.x, to.x),
          y: Math.min(from.y, to.y),
          width: Math.abs(from.x - to.x),
          height: Math.abs(from.y - to.y),
        },
    );
  }

  /** Moves it, or its lower right corner; where there is none, one appears in the middle. */
  step({ x, y }: Point, stretches: boolean): void {
    const { width, height } = this.#image;
    if (!this.#area) return this.#set({ x: width / 4, y: height / 4, width: width / 2, height: height / 2 });
    const by = { x: x * STEP * width, y: y * STEP * height };
    const area = { ...this.#area };
    if (stretches) {
      area.width = clamp(area.width + by.x, STEP * width, width - area.x);
      area.height = clamp(area.height + by.y, STEP * height, height - area.y);
    } else {
      area.x = clamp(area.x + by.x, 0, width - area.width);
      area.y = clamp(area.y + by.y, 0, height - area.height);
    }
    this.#set(area);
  }

  #set(area: Area | undefined): void {
    this.#area = area;
    this.element.toggle(area !== undefined);
    if (!area) return;
    const { width, height } = this.#image;
    const percent = (part: number, all: number): string => `${(100 * part) / all}%`;
    this.element.css({
      left: percent(area.x, width),
      top: percent(area.y, height),
      width: percent(area.width, width),
      height: percent(area.height, height),
    });
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
