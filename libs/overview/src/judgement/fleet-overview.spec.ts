import { exampleEngine, exampleProduct, HOUR_MS, NOW } from '../spec/example-view.js';
import { judgeFleet } from './fleet-overview.js';
import { worstFirst } from './worst-first.js';

test('an overview has the ten worst engines, and the ten fresh ones that turn too old next', () => {
  // In no order: 7 and 25 have no common divisor. A full backup is too old after 24 hours.
  const engines = Array.from({ length: 25 }, (_, i) => (i * 7) % 25).map((hour) =>
    exampleEngine({
      fqdn: `e${hour}.example.com`,
      lastDbSuccessAt: NOW - (hour + 12) * HOUR_MS,
    }),
  );
  const { worst, next, counts } = judgeFleet(exampleProduct({ engines }));
  expect(counts).toMatchObject({ watched: 25, fresh: 13, too_old: 12 });
  expect(worst).toEqual(worstFirst(engines).slice(0, 10));
  const hours = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3];
  expect(next.map(({ fqdn }) => fqdn)).toEqual(hours.map((hour) => `e${hour}.example.com`));
});

test('an overview of few engines has all of them', () => {
  const engines = [exampleEngine(), exampleEngine({ fqdn: 'z.example.com' })];
  const { worst, next } = judgeFleet(exampleProduct({ engines }));
  expect(worst).toEqual(engines);
  expect(next).toEqual(engines);
});
