/** What the editor saves of an image info node. */
export interface NanogptInfoConfig {
  name: string;
  /** Id of a `nanogpt-config` node. */
  account: string;
  ask: 'balance' | 'models' | 'spending';
  /** For `models`: only those with this ability; blank = all. */
  filter: '' | 'text-to-image' | 'image-to-image' | 'inpainting';
}

export const defaults: NanogptInfoConfig = {
  name: '',
  account: '',
  ask: 'balance',
  filter: '',
};
