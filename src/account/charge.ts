import type { Catalogue } from '../api/models/model-list.js';
import type { Client, Made } from '../api/client.js';
import { ImageError } from '../errors.js';
import type { GenerationRequest } from '../generation.js';
import { type Budget, currency } from '../spending/budget.js';
import type { Booking } from '../spending/ledger-file.js';
import { warning } from '../warning.js';

/** Who takes part in a payment. */
export interface Parties {
  client: Client;
  catalogue: Catalogue;
  budget: Budget;
}

/** What goes along with a payment; `onSend` is told when nothing has to be waited for any more. */
export interface PaymentOptions {
  signal: AbortSignal;
  onSend(): void;
}

/**
 * One attempt between setting its price aside, for which it may have to wait, and booking what it cost.
 *
 * @throws ImageError as `reserve` and `generate` do.
 */
export async function pay({ client, catalogue, budget }: Parties, request: GenerationRequest, { signal, onSend }: PaymentOptions): Promise<Made> {
  const { model = '', n = 1 } = request;
  // Prices are asked for only where a budget needs them.
  const price = budget.isLimited ? await priceOf(catalogue, request, signal) : undefined;
  const reservation = await budget.reserve({ model, n, ...(price !== undefined && { price }) }, signal);
  onSend();
  try {
    const made = await client.generate(request, signal);
    reservation.settle(paid(made));
    return reservation.isBlind ? { ...made, warnings: [...made.warnings, warning('price_unknown')] } : made;
  } catch (error) {
    reservation.settle(bookingOf(error));
    throw error;
  }
}

/** One picture's listed price in the account's currency; undefined = unknown. */
async function priceOf(catalogue: Catalogue, { model, size, quality, extra }: GenerationRequest, signal: AbortSignal): Promise<number | undefined> {
  if (model === undefined) return undefined;
  const options = [quality, ...Object.values(extra)].filter((value) => typeof value === 'string');
  const price = await catalogue.priceOf(model, { options, ...(size !== undefined && { size }) }, signal);
  return price?.currency === currency ? price.amount : undefined;
}

/** The currency of a cost. NanoGPT names Nano (XNO) as the source where it is the currency, too. */
export function currencyOf(paymentSource: string | undefined): string {
  return /^(xno|nano)$/i.test(paymentSource ?? '') ? 'XNO' : currency;
}

function paid({ cost, paymentSource }: Pick<Made, 'cost' | 'paymentSource'>): Booking {
  const paidIn = currencyOf(paymentSource);
  return { at: 'paid', ...(cost !== undefined && cost >= 0 && { cost }), ...(paidIn !== currency && { currency: paidIn }) };
}

/** How a failed request is booked, by its verdict on the money. */
function bookingOf(error: unknown): Booking {
  if (!(error instanceof ImageError)) return { at: 'unknown' };
  const { charged, details } = error;
  if (charged === 'no') return { at: 'free' };
  return charged === 'yes' || details.cost !== undefined ? paid(details) : { at: 'unknown' };
}
