import type cluster from '../nanogpt-cluster/locales/en-US/nanogpt-cluster.json';
import type config from '../nanogpt-config/locales/en-US/nanogpt-config.json';
import type image from '../nanogpt-image/locales/en-US/nanogpt-image.json';
import type images from '../nanogpt-images/locales/en-US/nanogpt-images.json';
import type info from '../nanogpt-info/locales/en-US/nanogpt-info.json';
import type shared from './locales/en-US/shared.json';

/** The keys of a catalogue, joined by dots: `tip.service.openai`. */
type Keys<Branch> = {
  [Name in keyof Branch & string]: Branch[Name] extends string ? Name : `${Name}.${Keys<Branch[Name]>}`;
}[keyof Branch & string];

/** The texts that every node has. */
export type SharedKey = Keys<typeof shared>;

/** The texts of all nodes and of the plugin. A test checks that each folder uses only its own and the shared ones. */
export type TextKey =
  SharedKey | Keys<typeof cluster> | Keys<typeof config> | Keys<typeof image> | Keys<typeof images> | Keys<typeof info>;

/** What may follow the name of a section: `TextName<'label'>` has `prompt` for `label.prompt`. */
export type TextName<Section extends string> = TextKey extends infer Key
  ? Key extends `${Section}.${infer Name}`
    ? Name
    : never
  : never;
