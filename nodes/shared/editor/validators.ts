import type { TextName } from '../text-keys.js';
import type { EditedNode, EditorRed, Validator } from './red.js';
import { fieldValue } from './field-value.js';

declare const RED: EditorRed;

/** Whether a value can be used, given another setting that matters for it, such as the service. */
export type Accepts = (value: string, other: string) => boolean;

/** An environment variable instead of a value; the runtime fills it in. */
const VARIABLE = /^\$\{[^}]+\}$/;
const STORE = /^#:\([^)]+\)::/;
const LITERALS = ['str', 'num', 'json'];

/** Whether a TypedInput holds the value itself, not a property to read or a variable. */
export function isLiteral(type: string, value = ''): boolean {
  return LITERALS.includes(type) && !isVariable(value);
}

/** Whether a value is an environment variable, which the runtime fills in. */
export function isVariable(value: string): boolean {
  return VARIABLE.test(value.trim());
}

/** Accepts a number in a range, or nothing. */
export function isNumberBetween(min: number, max: number, form?: 'whole'): Accepts {
  return (value) => {
    const number = Number(value);
    return value === '' || (number >= min && number <= max && (form !== 'whole' || Number.isInteger(number)));
  };
}

/** Accepts one of some values; a flow written by hand may hold anything. */
export function isOneOf(...values: string[]): Accepts {
  return (value) => values.includes(value);
}

/**
 * The validator of a plain setting: returns the text `validate.<name>` unless the value is accepted, given the setting
 * `other`. A setting that an older flow lacks is valid.
 */
export function plainValidator(name: TextName<'validate'>, accepts: Accepts, other = ''): Validator {
  return function (value, _options) {
    const text = String(value ?? '').trim();
    return (
      value === undefined ||
      isVariable(text) ||
      accepts(text, other && fieldValue(this, other)) ||
      this._(`validate.${name}`)
    );
  };
}

/**
 * The validator of a TypedInput: `accepts` decides on a typed value,
 * the editor's own rules on where else it comes from.
 */
export function typedValidator(name: TextName<'validate'>, accepts: Accepts): Validator {
  return function (value, _options) {
    return value === undefined || validateTyped(this, name, String(value), fieldValue(this, `${name}Type`), accepts);
  };
}

/** The validator of a TypedInput that takes whatever is typed. */
export function sourceValidator(name: string): Validator {
  return function (value, _options) {
    return value === undefined || validateSource(String(value).trim(), fieldValue(this, `${name}Type`));
  };
}

/** Whether a TypedInput's value of one type can be used: true, or the text that says why not. */
export function validateTyped(
  node: EditedNode,
  name: TextName<'validate'>,
  value: string,
  type: string,
  accepts: Accepts,
): true | string {
  const text = value.trim();
  const isTyped = !isVariable(text) && (text === '' || isLiteral(type));
  return isTyped ? accepts(text, type) || node._(`validate.${name}`) : validateSource(text, type);
}

/** Whether a property or an expression can be read; a typed value always can. */
function validateSource(text: string, type: string): true | string {
  if (text === '' || isVariable(text) || isLiteral(type)) return true;
  return RED.utils.validateTypedProperty(text.replace(STORE, ''), type, {});
}

/** The validator of a setting that needs the history of the node's account. */
export function historyValidator(validator: Validator): Validator {
  return function (value, options) {
    const account = RED.nodes.node(fieldValue(this, 'account')) as EditedNode<{ history?: string }> | null | undefined;
    const isUsed = String(value ?? '').trim() !== '';
    return isUsed && account?.history === 'off' ? this._('validate.noHistory') : validator.call(this, value, options);
  };
}

/**
 * The validator of the account setting: chosen, existing and itself
 * valid. In a subflow it may be one of its properties.
 */
export function accountValidator(): Validator {
  return function (value, _options) {
    if (isVariable(String(value))) return true;
    const account = typeof value === 'string' && value !== '' ? RED.nodes.node(value) : null;
    if (!account) return this._('validate.account');
    return account.valid !== false || this._('validate.accountFaulty');
  };
}
