import { describeDifferences, type TopologyDifference } from './topology-difference.js';

const ttlOf = (queue: string, fields: Partial<TopologyDifference> = {}): TopologyDifference => ({
  part: 'policy',
  what: `queue ${queue}: policy: message-ttl`,
  expected: 'none',
  got: '60000',
  mend: 'set by the policy theirs',
  ...fields,
});

describe('differences of the topology', () => {
  it('that are alike are one sentence, which names the first few', () => {
    const queues = ['a', 'b', 'c', 'd', 'e'];
    expect(describeDifferences(queues.map((queue) => ttlOf(queue)))).toEqual([
      'queue a, queue b, queue c and 2 more: policy: message-ttl: expected none, got 60000 (set by the policy theirs)',
    ]);
  });

  it.each<[string, Partial<TopologyDifference>]>([
    ['what is expected', { expected: '1000' }],
    ['what was found', { got: '1' }],
    ['the property', { what: 'queue b: policy: expires' }],
    ['what helps', { mend: 'set by the policy other' }],
  ])('that differ in %s are sentences of their own', (_, fields) => {
    expect(describeDifferences([ttlOf('a'), ttlOf('b', fields)])).toHaveLength(2);
  });

  it('without a property keep their own names', () => {
    const absent = { part: 'queue', expected: 'to exist', got: 'none', mend: 'apply' } as const;
    expect(describeDifferences([{ ...absent, what: 'queue a' }])).toEqual([
      'queue a: expected to exist, got none (apply)',
    ]);
  });

  it('are bounded in number and length, and say how many are left out', () => {
    const many = Array.from({ length: 40 }, (_, i) => ttlOf('a', { got: 'x'.repeat(999) + i }));
    const sentences = describeDifferences(many);
    expect(sentences).toHaveLength(6);
    expect(sentences.at(-1)).toBe('35 more differences (backup-awareness topology verify)');
    expect(Math.max(...sentences.map(({ length }) => length))).toBe(300);
  });
});
