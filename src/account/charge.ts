import type { ModelList } from '../api/models/model-list.js';
import type { Client, AttemptResult } from '../api/client.js';
import { ImageError } from '../errors.js';
import type { GenerationRequest } from '../generation.js';
import { type Budget, currency } from '../spending/budget.js';
import type { Settlement } from '../spending/ledger-file.js';
import { warning } from '../warning.js';

/** Who takes part in a payment. */
export interface ChargeParties {
  client: Client;
  catalogue: ModelList;
  budget: Budget;
}

/** What goes along with a payment; `onSend` is told when nothing has to be waited for any more. */
export interface ChargeOptions {
  signal: AbortSignal;
  onSend(): void;
}

/**
 * One attempt between setting its price aside, for which it may have to wait, and booking what it cost.
 *
 * @throws ImageError as `reserve` and `generate` do.
 */
export async function generateAndSettle(
  { client, catalogue, budget }: ChargeParties,
  request: GenerationRequest,
  { signal, onSend }: ChargeOptions,
): Promise<AttemptResult> {
  const { model = '', n = 1 } = request;
  // Prices are asked for only where a budget needs them.
  const price = budget.isLimited ? await priceOf(catalogue, request, signal) : undefined;
  const reservation = await budget.reserve({ model, n, ...(price !== undefined && { price }) }, signal);
  onSend();
  try {
    const made = await client.generate(request, signal);
    reservation.settle(paid(made));
    return reservation.isUnpriced ? { ...made, warnings: [...made.warnings, warning('price_unknown')] } : made;
  } catch (error) {
    reservation.settle(bookingOf(error));
    throw error;
  }
}

/** One image's listed price in the account's currency; undefined = unknown. */
async function priceOf(
  catalogue: ModelList,
  { model, size, quality, extra }: GenerationRequest,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (model === undefined) return undefined;
  const options = [quality, ...Object.values(extra)].filter((value) => typeof value === 'string');
  const price = await catalogue.priceRequest(model, { options, ...(size !== undefined && { size }) }, signal);
  return price?.currency === currency ? price.amount : undefined;
}

/** The currency of a cost. NanoGPT names Nano (XNO) as the source where it is the currency, too. */
export function toCurrency(paymentSource: string | undefined): string {
  return /^(xno|nano)$/i.test(paymentSource ?? '') ? 'XNO' : currency;
}

function paid({ cost, paymentSource }: Pick<AttemptResult, 'cost' | 'paymentSource'>): Settlement {
  const paidIn = toCurrency(paymentSource);
  return {
    at: 'paid',
    ...(cost !== undefined && cost >= 0 && { cost }),
    ...(paidIn !== currency && { currency: paidIn }),
  };
}

/** How a failed request is booked, by its verdict on the money. */
function bookingOf(error: unknown): Settlement {
  if (!(error instanceof ImageError)) return { at: 'unknown' };
  const { charged, details } = error;
  if (charged === 'no') return { at: 'free' };
  return charged === 'yes' || details.cost !== undefined ? paid(details) : { at: 'unknown' };
}
