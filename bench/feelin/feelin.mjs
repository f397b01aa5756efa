/* The other side of bench/feel.c: the same expressions over the same context in feelin, which reads
 * an expression at each call. Prints, for each case of cases.tsv, its group, its place in the file,
 * evaluations a second (the best of some rounds) and the result. */
import { readFileSync } from 'node:fs';
import { evaluate, unaryTest } from 'feelin';

const ROUNDS = 5;
const ROUND_MS = 120;

const regions = ['north', 'south', 'east', 'west'];
const items = [];
for (let i = 0; i < 10000; i++) {
  items.push({ amount: (i * 37) % 1000, region: regions[i % 4], code: 'P' + i });
}
/* The list only where it is asked for: feelin looks through the whole context at each call. */
const small = { net: 1250.5, rate: 0.07, a: 3, b: 8, days: 12, name: 'Aurora Trading' };
const large = { ...small, items };
const rules = [];
for (let i = 0; i < 200; i++) {
  rules.push([`[${i * 10}..${i * 10 + 10})`, i % 2 ? '"east", "west"' : 'not("north")']);
}

function decide() {
  for (let i = 0; i < rules.length; i++) {
    if (unaryTest(rules[i][0], { '?': 1995 }).value && unaryTest(rules[i][1], { '?': 'west' }).value) {
      return i + 1;
    }
  }
  return null;
}

function text(value) {
  return typeof value === 'number' ? String(+value.toPrecision(12)) : String(value);
}

/* Milliseconds that the processor worked for this process. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function rate(work) {
  let best = 0;
  work();
  for (let round = 0; round < ROUNDS; round++) {
    const from = spent();
    let count = 0;
    while (spent() - from < ROUND_MS) {
      work();
      count++;
    }
    best = Math.max(best, (count * 1000) / (spent() - from));
  }
  return best;
}

const lines = readFileSync(new URL('cases.tsv', import.meta.url), 'utf8').trim().split('\n');
lines.forEach((line, i) => {
  const [group, expression] = line.split('\t');
  const context = group === 'list' ? large : small;
  const work = group === 'table' ? decide : () => evaluate(expression, context).value;
  console.log([group, i, rate(work).toFixed(3), text(work())].join('\t'));
});
