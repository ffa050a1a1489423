/** The longest name that leaves room for the next node of a flow. */
const LONGEST = 24;

/** The last part of an id, where it only says what the model does. */
const ABILITY = /^(text-to-image|image-to-image|inpainting|edit)$/;

/**
 * A model's id, shortened for the label of a node: `gpt-image-2.5/flare` for
 * `openai/gpt-image-2.5/flare/text-to-image`.
 */
export function modelLabel(id: string): string {
  const [maker = '', ...rest] = id.split('/').filter((part) => !ABILITY.test(part));
  const name = rest.length > 0 ? rest.join('/') : maker;
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
