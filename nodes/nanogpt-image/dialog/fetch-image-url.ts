import { toImageUrl } from '../../shared/editor/image-url.js';

/**
 * A URL of an image that was made in the dialog. Fetched through jQuery, which adds what `adminAuth` needs; a plain URL
 * in an `<img>` would be refused. Undefined where Node-RED no longer has it.
 */
export async function fetchImageUrl(id: string): Promise<string | undefined> {
  try {
    const blob = (await $.ajax({
      url: `nanogpt-image/images/${encodeURIComponent(id)}`,
      // Or jQuery would parse an SVG as XML.
      dataType: 'binary',
      xhrFields: { responseType: 'blob' },
    })) as Blob;
    return await toImageUrl(blob);
  } catch {
    return undefined;
  }
}
