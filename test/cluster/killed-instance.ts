import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { ImageError } from '../../src/errors.js';
import type { RecoveredRequest } from '../../src/cluster/delivery.js';
import type { Spending } from '../../src/spending/totals.js';
import { startInstance } from '../helpers/cluster-accounts.js';

/** What an instance is started with. */
export interface InstanceOrder {
  redis: string;
  service: string;
  account: string;
  /** Where ledger, history and the id of the instance survive. */
  directory: string;
  role: 'both' | 'ask' | 'work';
}

/** How a request ended for who asked. */
export interface End {
  prompt: string;
  /** `image`, or a code. */
  end: string;
  charged: string;
}

/** An instance in a process of its own, which is going to be killed: asks for each prompt that it is sent, and tells how that ended. */
function run({ redis, service, account, directory, role }: InstanceOrder): void {
  const instance = startInstance({ url: redis }, service, account, {
    cluster: { role, replicas: 'the same flows' },
    // With a budget the price is looked up, so that what was sent and is never answered is booked, too.
    settings: { history: 'disk', historyMegabytes: 1000, retries: 2, concurrency: 3, budget: 100_000 },
    options: { storage: { directory, name: 'account' }, delivery: { has: () => true, deliver } },
  });

  function deliver(_: string, message: Record<string, unknown>, recovered: RecoveredRequest): void {
    void ask(String(message.prompt), recovered);
  }

  async function ask(prompt: string, recovered?: RecoveredRequest): Promise<void> {
    let confirm = (): void => undefined;
    const recovery = { nodeId: 'node', nodeType: 'nanogpt-image', message: serialize({ prompt }) };
    const onResult = (delivered: () => void): void => void (confirm = delivered);
    const end = await instance
      .ask(prompt, { recovery, onResult, nodeId: 'node', ...(recovered && { recovered }) })
      .then(
        () => ({ prompt, end: 'image', charged: '' }),
        (error: unknown) => ({
          prompt,
          end: error instanceof ImageError ? error.code : String(error),
          charged: error instanceof ImageError ? error.charged : '',
        }),
      );
    process.send!(end, () => confirm());
  }

  /** Redis may be away for a while. */
  async function tellSpending(): Promise<void> {
    let spending: Spending | undefined;
    while (!spending) spending = await instance.account.spending().catch(() => sleep(100, undefined));
    process.send!(spending);
  }

  process.on('message', (message: { prompt: string } | 'spending') => {
    void (message === 'spending' ? tellSpending() : ask(message.prompt));
  });
  // The first says that the instance is in the cluster.
  void tellSpending();
}

if (require.main === module) run(JSON.parse(process.argv[2]!) as InstanceOrder);
