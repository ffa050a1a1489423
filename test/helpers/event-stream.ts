/** Events of a service that sends partial images before the finished one (OpenAI API reference: image streaming). */
export function draftEvents(drafts: Buffer[], finished: Buffer): string[] {
  return [
    ...drafts.map((bytes) => toEvent('image_generation.partial_image', bytes)),
    toEvent('image_generation.completed', finished),
  ];
}

function toEvent(name: string, bytes: Buffer): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, b64_json: bytes.toString('base64') })}\n\n`;
}
