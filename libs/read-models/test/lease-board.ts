import type { Holder, Leases, Shared, Sharing } from '@ateneo/messaging';

type Member = { readonly sharing: Sharing; readonly held: Map<string, number> };
type Group = { readonly members: Map<string, Member>; readonly holders: Map<string, Holder>; balancing: Promise<void> };

/** Leases of instances in one process, evenly spread; an instance may vanish without a word, or hang and wake up. */
export class LeaseBoard {
  readonly #groups = new Map<string, Group>();
  #fence = 0;

  join(instance: string): Leases {
    return { instance, share: (sharing) => this.#share(instance, sharing), close: async () => undefined };
  }

  /** The others take over what it holds; it hears nothing of it. Answers how it wakes up: it hears that it has lost everything. */
  async vanish(instance: string): Promise<() => Promise<void>> {
    const lost: Member[] = [];
    for (const group of this.#groups.values()) {
      const member = group.members.get(instance);
      if (!member) continue;
      lost.push(member);
      group.members.delete(instance);
      await this.#balance(group);
    }
    return async () => {
      for (const member of lost) await loseAll(member);
    };
  }

  async #share(instance: string, sharing: Sharing): Promise<Shared> {
    const group: Group = this.#groups.get(sharing.group) ?? { members: new Map(), holders: new Map(), balancing: Promise.resolve() };
    this.#groups.set(sharing.group, group);
    const member: Member = { sharing, held: new Map() };
    group.members.set(instance, member);
    void this.#balance(group);
    return {
      held: () => member.held,
      holders: async () => [...group.holders.values()],
      leave: async () => {
        group.members.delete(instance);
        await this.#balance(group);
        await loseAll(member);
      },
    };
  }

  #balance(group: Group): Promise<void> {
    return (group.balancing = group.balancing.then(() => this.#spread(group)));
  }

  async #spread({ members, holders }: Group): Promise<void> {
    const [first] = members.values();
    if (!first) return holders.clear();
    const { units } = first.sharing;
    const most = Math.ceil(units.length / members.size);
    for (const [unit, { instance }] of [...holders]) if (!members.has(instance)) holders.delete(unit);
    for (const { sharing, held } of members.values())
      for (const unit of [...held.keys()].slice(most)) {
        held.delete(unit);
        await sharing.lost(unit);
        holders.delete(unit);
      }
    for (const unit of units.filter((one) => !holders.has(one))) {
      const [instance, { sharing, held }] = [...members].sort(([, a], [, b]) => a.held.size - b.held.size)[0]!;
      const fence = ++this.#fence;
      held.set(unit, fence);
      holders.set(unit, { unit, instance, fence });
      await sharing.gained(unit, fence);
    }
  }
}

/** At once, as an instance that wakes up does. */
async function loseAll({ sharing, held }: Member): Promise<void> {
  const units = [...held.keys()];
  held.clear();
  await Promise.all(units.map((unit) => sharing.lost(unit)));
}
