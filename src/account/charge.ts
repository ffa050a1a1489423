import type { AnswerListeners, AttemptResult, Client } from '../api/client.js';
import type { ModelList } from '../api/models/model-list.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { BalanceTrail } from '../spending/balance-trail.js';
import type { Budget, ExpectedCost } from '../spending/budget.js';
import { currency } from '../spending/currency.js';
import type { Settlement } from '../spending/ledger-file.js';
import { warning } from '../warning.js';

/** What reserves and settles the cost of a request. */
export type ChargeBudget = Pick<Budget, 'isLimited' | 'reserve'>;

/** What a charged request needs. */
export interface ChargeContext {
  client: Client;
  models: ModelList;
  budget: ChargeBudget;
  balance: BalanceTrail;
}

/** How one attempt is made and reported. */
export interface ChargeOptions extends AnswerListeners {
  signal: AbortSignal;
  /** Called when the request no longer waits for the budget. */
  onSend(): void;
  nodeId?: string;
}

/** The result of one attempt, with the currency of its cost. */
export type ChargedResult = Omit<Generation, 'attempts' | 'durationMs'>;

/**
 * One attempt: reserves its estimated cost in the budget, which may have
 * to wait, sends the request and settles what it cost.
 *
 * @throws ImageError as `budget.reserve` and `client.generate` do.
 */
export async function generateAndSettle(
  { client, models, budget, balance }: ChargeContext,
  request: GenerationRequest,
  { signal, onSend, onDraft, onAddresses, nodeId }: ChargeOptions,
): Promise<ChargedResult> {
  const expected = await estimateCost(budget, models, request, signal);
  const reservation = await budget.reserve({ prompt: request.prompt, ...expected, ...defined({ nodeId }) }, signal);
  onSend();
  const tracked = balance.begin();
  const settle = (settlement: Settlement, remaining?: number): void => {
    reservation.settle(settlement);
    const cost = 'cost' in settlement ? settlement.cost : undefined;
    balance.end(tracked, { at: settlement.at, id: reservation.id, ...defined({ cost, remaining }) });
  };
  try {
    const result = withCurrency(
      await client.generate(request, signal, {
        ...defined({ onDraft }),
        ...(onAddresses && {
          // It is paid for, whatever becomes of the downloads.
          onAddresses: (answer) => {
            reservation.settle(settlePaid(answer));
            return onAddresses(withCurrency(answer));
          },
        }),
      }),
    );
    settle(settlePaid(result), result.currency === currency ? result.remainingBalance : undefined);
    return reservation.isUnpriced ? { ...result, warnings: [...result.warnings, warning('price_unknown')] } : result;
  } catch (error) {
    settle(settleFailure(error));
    throw error;
  }
}

/** The currency of a cost. NanoGPT names Nano (XNO) as the payment source where it is the currency, too. */
function toCurrency(paymentSource: string | undefined): string {
  return /^(xno|nano)$/i.test(paymentSource ?? '') ? 'XNO' : currency;
}

/** Whether the subscription has paid, which the answer then names as the payment source. */
function isIncluded(paymentSource: string | undefined): boolean {
  return /^subscription/i.test(paymentSource ?? '');
}

/** Prices are fetched only where a budget needs them. */
async function estimateCost(
  budget: ChargeBudget,
  models: ModelList,
  { model, n = 1, size, quality, extra }: GenerationRequest,
  signal: AbortSignal,
): Promise<ExpectedCost> {
  if (model === undefined || !budget.isLimited) return { model: model ?? '', n };
  const { price, fixedImages = 1 } = await models.findPrice(model, { ...extra, ...defined({ size, quality }) }, signal);
  return {
    model,
    n: Math.max(n, fixedImages),
    ...defined({ price: price?.currency === currency ? price.amount : undefined }),
  };
}

function withCurrency<T extends Pick<AttemptResult, 'cost' | 'paymentSource'>>(result: T): T & { currency?: string } {
  return result.cost === undefined ? result : { currency: toCurrency(result.paymentSource), ...result };
}

function settlePaid({ cost, paymentSource }: Pick<AttemptResult, 'cost' | 'paymentSource'>): Settlement {
  const paidIn = toCurrency(paymentSource);
  const charged = cost ?? (isIncluded(paymentSource) ? 0 : undefined);
  return {
    at: 'paid',
    ...defined({
      cost: charged !== undefined && charged >= 0 ? charged : undefined,
      currency: paidIn === currency ? undefined : paidIn,
    }),
  };
}

/** How a failed request is settled, by its verdict on the money. */
function settleFailure(error: unknown): Settlement {
  if (!(error instanceof ImageError)) return { at: 'unknown' };
  const { charged, details } = error;
  if (charged === 'no') return { at: 'free' };
  return charged === 'yes' || details.cost !== undefined ? settlePaid(details) : { at: 'unknown' };
}
