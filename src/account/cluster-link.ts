import type { SharedList } from '../api/models/shared-list.js';
import type { ClusterAccount, ClusterState } from '../cluster/cluster-account.js';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { History } from '../history/history.js';
import type { Ledger } from '../spending/ledger.js';
import type { DaySpending, Spending } from '../spending/totals.js';
import type { RequestOptions, AccountContext } from './send-request.js';
import type { AccountOptions, AccountSettings } from './settings.js';

/** What the cluster gets of the account. */
export interface ClusterLinkOptions {
  options: AccountOptions;
  ledger: Ledger;
  history: History;
  /** What requests are sent with, as it is now. */
  context(): AccountContext;
}

/** The cluster of an account: nothing of it is loaded where the settings name none. */
export class ClusterLink {
  /** The list of models of all instances; where Redis is away, each asks for its own. */
  readonly models: SharedList = {
    take: async () => (await this.reach())?.models.take(),
    offer: async (list) => (await this.reach())?.models.offer(list),
  };
  readonly #options: ClusterLinkOptions;
  #cluster: Promise<ClusterAccount> | undefined;
  /** The settings that a change of makes this instance leave and enter again. */
  #entered: AccountSettings['cluster'];
  #isClosed = false;

  constructor(options: ClusterLinkOptions) {
    this.#options = options;
  }

  /** Enters, leaves or changes the cluster as the settings say; those under way here are finished. */
  configure(settings: AccountSettings): void {
    const { cluster } = settings;
    const isSame = JSON.stringify(cluster) === JSON.stringify(this.#entered);
    if (isSame && cluster)
      this.#cluster?.then((entered) => entered.configure(settings, cluster)).catch(() => undefined);
    if (isSame) return;
    this.leave().catch(() => undefined);
    this.#entered = cluster;
    if (cluster) this.open().catch(() => undefined);
  }

  /**
   * The cluster, which this instance has entered or is about to. After a failure the next call tries again.
   *
   * @throws ImageError `not_configured` where the packages are missing.
   */
  open(): Promise<ClusterAccount> {
    return (this.#cluster ??= this.#enter().catch((error: unknown) => {
      this.#cluster = undefined;
      throw error;
    }));
  }

  /** The cluster where its Redis answers: what can be done without does not wait for it. */
  async reach(): Promise<ClusterAccount | undefined> {
    const cluster = this.#entered && (await this.open().catch(() => undefined));
    return cluster?.isReachable ? cluster : undefined;
  }

  /**
   * Lets any instance send the request.
   *
   * @throws ImageError as `ClusterAccount.ask` does.
   */
  async generate(request: GenerationRequest, options: RequestOptions, digest?: string): Promise<Generation> {
    const { signal, onPrepared, recovered } = options;
    const cluster = await this.open();
    const asking = { ...options, ...defined({ digest }) };
    if (recovered) return cluster.resume(recovered.id, asking);
    const found = await cluster.find(request, asking);
    if (found) return found;
    const { client } = await this.#options.context().connection.open();
    const { warnings, ...images } = await client.fit(request, signal);
    const fitted = { ...request, ...images };
    onPrepared?.(client.summarize(fitted));
    const generation = await cluster.ask(fitted, asking);
    return { ...generation, warnings: [...warnings, ...generation.warnings] };
  }

  /** What all instances have spent. */
  async spending(): Promise<Spending> {
    return (await this.open()).spending.now();
  }

  /** What all instances have spent on each of the last 30 days. */
  async dailySpending(): Promise<DaySpending[]> {
    return (await this.open()).spending.days();
  }

  /** Tells the cluster what the ledger says. */
  async contribute(): Promise<void> {
    await (await this.open()).contribute();
  }

  async state(): Promise<ClusterState> {
    return (await this.open()).state();
  }

  close(): void {
    this.#isClosed = true;
    this.leave({ waits: false }).catch(() => undefined);
  }

  /** Leaves the cluster; where it `waits`, once those requests are finished that this instance sends. */
  async leave({ waits = true } = {}): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = undefined;
    await (await cluster)?.close({ waits });
  }

  async #enter(): Promise<ClusterAccount> {
    const { options, ...parts } = this.#options;
    const { settings } = parts.context();
    const { cluster } = settings;
    if (!cluster || this.#isClosed) throw new ImageError('cancelled', 'node_closed');
    const { ClusterAccount } = await import('../cluster/cluster-account.js');
    const { storage, delivery, timing, onChange, onWarning = (): void => undefined } = options;
    return ClusterAccount.open({
      ...{ ...parts, settings, cluster, onWarning, storage },
      ...defined({ delivery, timing, onChange }),
    });
  }
}
