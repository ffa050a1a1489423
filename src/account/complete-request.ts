import type { Endpoint } from '../api/endpoint.js';
import { selectDialect } from '../api/dialects/select-dialect.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { GenerationRequest } from '../generation.js';
import { digestRequest } from '../history/digest.js';
import type { AccountSettings } from './settings.js';

/**
 * The request with the account's model where it names none.
 *
 * @throws ImageError `invalid_input` where the service needs a model and none is named.
 */
export function completeRequest(
  { service, edits, model }: AccountSettings,
  request: GenerationRequest,
): GenerationRequest {
  const complete = model.trim() === '' ? request : { model: model.trim(), ...request };
  const { currentModels } = selectDialect(service, edits);
  if (currentModels && complete.model === undefined)
    throw new ImageError('invalid_input', 'model_needed', { service: 'OpenAI', models: currentModels.join(', ') });
  return complete;
}

/** What two requests of an account have in common that would give the same images. */
export function digestFor(
  { service, edits }: AccountSettings,
  endpoint: Endpoint,
  request: GenerationRequest,
): Promise<string> {
  // The built-in service has another port after each start.
  const root = service === 'sandbox' ? '' : endpoint.root;
  return digestRequest(request, { service, edits, root, ...defined({ bodyLimit: endpoint.dialect.images.body }) });
}
