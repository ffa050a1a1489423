import type { AccountOptions } from '../../src/account/settings.js';
import { type InstanceOptions, newAccountName, startInstance, type TestInstance } from './cluster-accounts.js';

/** What the instances of a test connect to. */
interface Servers {
  redis: { url: string };
  service: { url: string };
}

/** The instances of a test, all with the same account. */
export interface Instances {
  /** The name of the account, another one in each test. */
  readonly name: string;
  /** Those that are closed after the test. */
  readonly open: TestInstance[];
  /** Starts one; `redis` is another way to the same Redis. */
  start(this: void, options?: InstanceOptions, redis?: Servers['redis']): TestInstance;
  /** Starts several, each with the options of its place. */
  startAll(this: void, ...each: InstanceOptions[]): TestInstance[];
}

/** To be called in a suite before its own hooks; `common` are options of all instances. */
export function useInstances(servers: () => Servers, common: Partial<AccountOptions> = {}): Instances {
  const open: TestInstance[] = [];
  let name = '';
  beforeEach(() => void (name = newAccountName()));
  afterEach(() => {
    for (const { account } of open.splice(0)) account.close();
  });

  function start({ options, ...rest }: InstanceOptions = {}, redis = servers().redis): TestInstance {
    const instance = startInstance(redis, servers().service.url, name, { ...rest, options: { ...common, ...options } });
    open.push(instance);
    return instance;
  }

  return {
    open,
    start,
    startAll: (...each) => each.map((options) => start(options)),
    get name() {
      return name;
    },
  };
}
