import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { apiNames } from '../config.js';

/** A setting that may read the message. */
export type ReadingSetting = 'prompt' | 'image' | 'mask' | 'parameters' | TypedName;

type TypedName = Exclude<keyof typeof apiNames, 'kontextMaxMode' | 'responseFormat'>;

/** A property of the message that the settings read. */
export interface SampleProperty {
  /** Its path, without `msg.`. */
  path: string;
  kind: 'text' | 'image';
  /** The first setting that reads it. */
  setting: ReadingSetting;
  /** It is only a part of the prompt. */
  isTag: boolean;
}

/** The settings besides prompt and images that may read the message. */
const TYPED = [
  ...(Object.keys(apiNames) as (keyof typeof apiNames)[]).filter(
    (name) => name !== 'kontextMaxMode' && name !== 'responseFormat',
  ),
  'parameters',
] as const;

/** Properties that are looked for in an expression: the usual ones of a flow. */
const USUAL = ['payload', 'topic'];

/** The properties of the message that the open dialog's settings read, each once. */
export function sampleProperties(node: EditedNode): SampleProperty[] {
  const isTag = fieldValue(node, 'promptType') === 'str';
  const properties = [
    ...toProperties(node, 'prompt', 'text').map((property) => ({ ...property, isTag })),
    ...(['image', 'mask'] as const).flatMap((setting) => toProperties(node, setting, 'image')),
    ...TYPED.flatMap((setting) => toProperties(node, setting, 'text')),
  ];
  return properties.filter(
    ({ path, kind }, index) => properties.findIndex((other) => other.path === path && other.kind === kind) === index,
  );
}

function toProperties(node: EditedNode, setting: ReadingSetting, kind: SampleProperty['kind']): SampleProperty[] {
  return findPaths(node, setting).map((path) => ({ path, kind, setting, isTag: false }));
}

function findPaths(node: EditedNode, setting: ReadingSetting): string[] {
  const [value, type] = [fieldValue(node, setting), fieldValue(node, `${setting}Type`)];
  if (value.trim() === '') return [];
  if (type === 'msg') return [value.trim()];
  if (type === 'jsonata') return USUAL.filter((name) => new RegExp(`\\b${name}\\b`).test(value));
  return setting === 'prompt' && type === 'str' ? tagsIn(value) : [];
}

/**
 * The names in mustache tags that the message fills in: no comments, no ends of sections, and nothing from the flow or
 * the environment.
 */
function tagsIn(prompt: string): string[] {
  const names = [...prompt.matchAll(/\{\{\{?\s*[#^&]?\s*([^{}!/>#^&=\s][^{}\s]*)\s*\}?\}\}/g)].map(([, name]) => name!);
  return names.filter((name) => name !== '.' && !/^(flow|global|env)[.[]/.test(name));
}
