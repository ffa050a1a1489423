import { ImageError } from '../../../src/errors.js';
import type { NanogptAccount } from '../../shared/nanogpt-account.js';
import { variableIn } from '../../shared/variable.js';
import type { PostedAccount } from './read-body.js';
import { signIns } from './sign-ins.js';
import type { Variables } from './variables.js';

/** A usable key, or why there is none. */
export type Key = { apiKey: string; refusal?: undefined } | { refusal: ImageError };

/**
 * The key that may be sent to the address of a posted account with variables filled in. The stored key is sent only to
 * the deployed service and address; one from the environment, which any user of a route could name, also to the
 * service's own address.
 */
export function resolveKey(
  { config, apiKey, ticket = '', place }: PostedAccount,
  deployed: NanogptAccount | undefined,
  variables: Variables,
): Key {
  const stored = (deployed?.credentials?.apiKey ?? '').trim();
  const address = String(config.baseUrl).trim();
  const isDeployed = deployed?.service === config.service && deployed.baseUrl === address;
  const signIn = apiKey === undefined ? signIns.find(ticket) : undefined;
  if (signIn?.apiKey !== undefined && signIn.accountId === place.id)
    return signIn.isFor(config)
      ? { apiKey: signIn.apiKey }
      : { refusal: new ImageError('not_configured', 'sign_in_elsewhere') };
  if (apiKey === undefined) {
    if (stored === '' || isDeployed) return { apiKey: stored };
    return config.service === 'sandbox' ? { apiKey: '' } : { refusal: new ImageError('not_configured', 'key_again') };
  }
  const typed = apiKey.trim();
  const variable = variableIn(typed);
  if (variable === undefined) return { apiKey: typed };
  if (address !== '' && !isDeployed)
    return { refusal: new ImageError('not_configured', 'key_variable_elsewhere', { variable: typed }) };
  const found = variables(variable);
  return { apiKey: typeof found === 'string' ? found.trim() : typed };
}
