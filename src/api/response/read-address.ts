/** No address is longer: what is, is not examined. */
const longest = 16_000;

/** An http(s) URL, or a path on the server: some give only that. */
const address = /^(https?:\/\/|\/(?!9j\/)|\.{0,2}\/?[\w%-]+\/[\w%./-]+\.\w{3,4}(\?|$))\S/i;

/** Images in Markdown, as servers that speak through a chat write them. */
const markdown = /!\[[^\]]{0,200}\]\(\s*<?(https?:\/\/[^\s)>]+)/gi;

/**
 * The address of an image in a value, without what servers wrap around it: blanks, quotes, Markdown, HTML entities;
 * undefined where it is none. `isCertain` = its place says that it is one, whatever it looks like.
 */
export function readAddress(value: unknown, { isCertain = false } = {}): string | undefined {
  if (typeof value !== 'string' || value.length > longest) return undefined;
  const [inMarkdown] = linksIn(value);
  if (inMarkdown !== undefined) return inMarkdown;
  const text = value.trim().replace(/^["'<]+|["'>]+$/g, '');
  return text !== '' && (isCertain || address.test(text)) ? unescaped(text) : undefined;
}

/** The addresses of images in a text: itself, or the images of its Markdown. */
export function readAddresses(value: unknown): string[] {
  if (typeof value !== 'string' || value.length > longest) return [];
  const links = linksIn(value);
  return links.length > 0 ? links : [readAddress(value) ?? []].flat();
}

function linksIn(text: string): string[] {
  return [...text.matchAll(markdown)].map(([, link]) => unescaped(link!));
}

/** No address holds this entity: it comes from a server that writes HTML. */
function unescaped(text: string): string {
  return text.replace(/&amp;/g, '&');
}
