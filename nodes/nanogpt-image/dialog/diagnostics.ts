import { plainSize } from '../../../src/api/models/price.js';
import { isShutdownNear } from '../../../src/api/models/shutdown.js';
import type { Model } from '../../shared/editor/models.js';
import { formatBytes, pluralForm } from '../../shared/editor/format.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { apiNames, defaults } from '../config.js';
import { knownValue } from './known-request.js';
import { OPTIONAL_FIELDS } from './optional-fields.js';
import type { RequestForecast } from './request-forecast.js';

/** The fields that may have a diagnostic. */
export const DIAGNOSED_FIELDS = ['model', 'image', 'mask', 'count', 'size', ...OPTIONAL_FIELDS] as const;

/** What is known about a setting with the chosen model. */
export interface Diagnostic {
  field: (typeof DIAGNOSED_FIELDS)[number];
  text: string;
  /** The setting will not work; otherwise it is only a hint. */
  isWarning: boolean;
}

/** Diagnoses the settings for the chosen model. */
export function diagnose(node: EditedNode, { model, isUnlisted, request }: RequestForecast): Diagnostic[] {
  if (!model) return isUnlisted ? [{ field: 'model', text: node._('diagnostic.unlisted'), isWarning: true }] : [];
  return [
    ...diagnoseEnd(node, model),
    ...diagnoseImages(node, model),
    ...describeInputs(node, model),
    ...diagnoseSize(node, model, request.size),
    ...diagnoseCount(node, model, request.count),
    ...OPTIONAL_FIELDS.flatMap((field) => diagnoseValue(node, model, field)),
  ];
}

function diagnoseEnd(node: EditedNode, { name, shutdownDate: day }: Model): Diagnostic[] {
  if (day === undefined) return [];
  const text = node._('diagnostic.ends', { model: name, day });
  return [{ field: 'model', text, isWarning: isShutdownNear(day, Date.now()) }];
}

function diagnoseImages(node: EditedNode, { name, abilities }: Model): Diagnostic[] {
  if (abilities.length === 0) return [];
  const takesMasks = abilities.includes('inpainting');
  const takesImages = takesMasks || abilities.includes('image-to-image');
  return [
    ...(takesImages
      ? []
      : [
          {
            field: 'image' as const,
            text: node._('diagnostic.noImage', { model: name }),
            isWarning: isSet(node, 'image'),
          },
        ]),
    ...(abilities.includes('text-to-image')
      ? []
      : [
          {
            field: 'image' as const,
            text: node._('diagnostic.needsImage', { model: name }),
            isWarning: fieldValue(node, 'image').trim() === '',
          },
        ]),
    ...(takesMasks || !isSet(node, 'mask')
      ? []
      : [{ field: 'mask' as const, text: node._('diagnostic.noMask', { model: name }), isWarning: true }]),
  ];
}

/** What the model takes of input images, where its page says so. */
function describeInputs(node: EditedNode, { name, inputs = {} }: Model): Diagnostic[] {
  const { max = 0, bytes } = inputs;
  const texts = [
    ...(max > 0 ? [node._(`diagnostic.maxInputs-${pluralForm(max)}`, { model: name, max })] : []),
    ...(bytes === undefined ? [] : [node._('diagnostic.largestInput', { size: formatBytes(bytes) })]),
  ];
  return texts.map((text) => ({ field: 'image', text, isWarning: false }));
}

function diagnoseSize(node: EditedNode, { name, sizes }: Model, size: string | undefined): Diagnostic[] {
  const isListed = !size || sizes.length === 0 || sizes.some((each) => plainSize(each) === plainSize(size));
  return isListed ? [] : [{ field: 'size', text: node._('diagnostic.otherSize', { model: name }), isWarning: true }];
}

function diagnoseCount(
  node: EditedNode,
  { name, maxImages = Infinity, fixedImages }: Model,
  count: string | undefined,
): Diagnostic[] {
  if (fixedImages !== undefined) {
    return [
      {
        field: 'count',
        text: node._('diagnostic.fixedCount', { model: name, fixed: fixedImages }),
        isWarning: !!count && Number(count) !== fixedImages,
      },
    ];
  }
  return Number(count) > maxImages
    ? [{ field: 'count', text: node._('diagnostic.tooMany', { model: name, max: maxImages }), isWarning: true }]
    : [];
}

function diagnoseValue(
  node: EditedNode,
  { name, parameters }: Model,
  field: (typeof OPTIONAL_FIELDS)[number],
): Diagnostic[] {
  const { values = [], min = -Infinity, max = Infinity } = parameters[apiNames[field]] ?? {};
  const value = knownValue(node, field);
  if (!value) return [];
  if (values.length > 0 && !values.map(String).includes(value))
    return [{ field, text: node._('diagnostic.otherValue', { model: name }), isWarning: true }];
  if (Number(value) < min) return [{ field, text: node._('diagnostic.tooLow', { model: name, min }), isWarning: true }];
  return Number(value) > max
    ? [{ field, text: node._('diagnostic.tooHigh', { model: name, max }), isWarning: true }]
    : [];
}

/** Whether the user chose where an image comes from. The property that is read by default may not exist. */
export function isSet(node: EditedNode, field: 'image' | 'mask'): boolean {
  const [value, type] = [fieldValue(node, field).trim(), fieldValue(node, `${field}Type`)];
  return value !== '' && (value !== defaults[field] || type !== defaults[`${field}Type`]);
}
