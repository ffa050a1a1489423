import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { MaskDrawing } from './mask-drawing.js';
import { MaskEditor } from './mask-editor.js';

declare const RED: EditorRed;

/**
 * A mask has at most so many pixels: browsers draw nothing on larger
 * canvases. It is fitted to the image before it is sent.
 */
const MAX_PIXELS = 16_000_000;

/** What was painted over an image, so that it can be gone on with while the dialog is open. */
const drawings = new WeakMap<File, MaskDrawing>();

/**
 * Opens a tray over the dialog in which a mask is painted over an image, turned as its EXIF data says. Calls `onDone`
 * with the mask when the tray is closed with Done, and `onClose` when the dialog is back, whichever way.
 */
export async function paintMask(
  node: EditedNode,
  file: File,
  { onDone, onClose }: { onDone(mask: Blob): void; onClose(): void },
): Promise<void> {
  const url = URL.createObjectURL(file);
  const image = await load(url);
  if (!image) {
    URL.revokeObjectURL(url);
    return RED.notify(node._('try.unreadable'), 'error');
  }
  const drawing = drawings.get(file) ?? makeDrawing(image);
  drawings.set(file, drawing);
  const before = drawing.length;
  const finish = async (): Promise<void> => {
    if (drawing.length > 0) onDone(await drawing.toPng());
    RED.tray.close(onClose);
  };
  RED.tray.show({
    title: node._('painter.paint'),
    width: Infinity,
    buttons: [
      {
        id: 'node-dialog-cancel',
        text: RED._('common.label.cancel'),
        click: () => {
          drawing.keep(before);
          RED.tray.close(onClose);
        },
      },
      { id: 'node-dialog-ok', text: RED._('common.label.done'), class: 'primary', click: () => void finish() },
    ],
    open: (tray) => tray.find('.red-ui-tray-body').append(new MaskEditor(node, image, drawing).element),
    close: () => URL.revokeObjectURL(url),
  });
}

function makeDrawing({ naturalWidth, naturalHeight }: HTMLImageElement): MaskDrawing {
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (naturalWidth * naturalHeight)));
  return new MaskDrawing(Math.round(naturalWidth * scale), Math.round(naturalHeight * scale));
}

/** Undefined where the browser cannot read it. */
async function load(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return image;
  } catch {
    return undefined;
  }
}
