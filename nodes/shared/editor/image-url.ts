/**
 * A URL to show and save an image by; `URL.revokeObjectURL` releases it. An SVG may hold
 * a script, which does not run in an `<img>`, but would where its blob is opened in a tab
 * of its own: as a data URL it has no part in the editor there.
 */
export async function toImageUrl(blob: Blob): Promise<string> {
  return blob.type.startsWith('image/svg') ? readDataUrl(blob) : URL.createObjectURL(blob);
}

/** The bytes as a data URL. */
export function readDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}
