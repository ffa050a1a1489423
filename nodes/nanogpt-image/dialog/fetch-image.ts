/**
 * The bytes of an image that was made in the dialog. Through jQuery, which adds what `adminAuth` needs; a plain URL in an `<img>` would be
 * refused. Undefined where Node-RED no longer has it.
 */
export async function fetchImage(id: string): Promise<Blob | undefined> {
  try {
    return (await $.ajax({
      url: `nanogpt-image/images/${encodeURIComponent(id)}`,
      xhrFields: { responseType: 'blob' },
    })) as Blob;
  } catch {
    return undefined;
  }
}
