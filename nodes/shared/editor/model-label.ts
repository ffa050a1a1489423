/** The longest name that leaves the next node of a flow its place. */
const LONGEST = 24;

/** The end of an id that only says what the model does. */
const ABILITY = /^(text-to-image|image-to-image|inpainting|edit)$/;

/** A model's id as the label of a node has room for it: `gpt-image-2.5/flare` for `openai/gpt-image-2.5/flare/text-to-image`. */
export function modelLabel(id: string): string {
  const [maker = '', ...rest] = id.split('/').filter((part) => !ABILITY.test(part));
  const name = rest.length > 0 ? rest.join('/') : maker;
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
