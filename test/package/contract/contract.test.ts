import { exists, readJson } from '../project';
import { brokenTerms, CONTRACT, contractNow, type Contract, type Side, type Term } from './contract';

const name: Term = { at: 'project.create.name', type: 'string', default: '' };
const flow: Term = {
	at: 'project.create.flow',
	type: 'options',
	default: 'a',
	values: ['a', 'b'],
	shown: { kind: ['x', 'y'] },
};

const contract = (parameters: Term[], side: Partial<Side> = { version: 1 }): Contract => ({
	node: { ...side, parameters },
});

const broken = (before: Term, ...now: Term[]) => brokenTerms(contract([before]), contract(now));

test('saved workflows keep working: nothing they rely on is gone or changed', async () => {
	expect(exists(CONTRACT)).toBe(true);
	expect(brokenTerms(readJson(CONTRACT) as Contract, await contractNow())).toEqual([]);
});

test('what is new is in the contract: npm run contract puts it there', async () => {
	expect(readJson(CONTRACT)).toEqual(await contractNow());
});

test('the contract is broken by a parameter that is gone', () => {
	expect(broken(name)).toEqual([`node: ${JSON.stringify(name)}`]);
});

test.each<[string, Partial<Term>]>([
	['another type', { type: 'multiOptions' }],
	['another default', { default: 'b' }],
	['a value that is gone', { values: ['a', 'c'] }],
	['a parameter that is required from now on', { required: true }],
	['a parameter that is no longer there with some value', { shown: { kind: ['x'] } }],
	['a parameter that is there on one more condition', { shown: { ...flow.shown, other: [true] } }],
])('the contract is broken by %s', (_what, change) => {
	expect(broken(flow, { ...flow, ...change })).toHaveLength(1);
});

test('the contract is broken by another place of a parameter', () => {
	expect(broken(name, { ...name, at: 'project.create.options.name' })).toHaveLength(1);
});

test('the contract is broken by a node or credential that is gone', () => {
	expect(brokenTerms(contract([]), {})).toEqual(['node']);
});

test('the contract is broken by another webhook address, credential or connection', () => {
	const before = contract([], { version: 1, shape: { webhooks: ['POST imagen'] } });
	const now = contract([], { version: 1, shape: { webhooks: ['POST callback'] } });
	expect(brokenTerms(before, now)).toHaveLength(1);
});

test.each<[string, Partial<Term>]>([
	['one more value', { values: ['c', 'b', 'a'] }],
	['a parameter that is there more often', { shown: { kind: ['x', 'y', 'z'] } }],
	['a parameter that is always there from now on', { shown: undefined }],
])('the contract allows %s', (_what, change) => {
	expect(broken(flow, { ...flow, ...change })).toEqual([]);
});

test('the contract allows a condition on a new parameter whose default keeps what was there', () => {
	const from = { at: 'project.create.from', type: 'options', default: 'here', values: ['here', 'there'] };
	expect(broken(name, { ...name, shown: { from: ['here'] } }, from)).toEqual([]);
	expect(broken(name, { ...name, shown: { from: ['there'] } }, from)).toHaveLength(1);
});

test('the contract allows one more parameter', () => {
	expect(broken(name, flow, name)).toEqual([]);
});

test('the contract allows a parameter that is no longer required', () => {
	expect(broken({ ...name, required: true }, name)).toEqual([]);
});

test('the contract allows a parameter that is divided in two, for different conditions', () => {
	const always: Term = { ...flow, shown: undefined };
	expect(broken(flow, { ...flow, shown: { kind: ['z'] } }, always)).toEqual([]);
});

test('the contract allows anything in a new version of the node', () => {
	expect(brokenTerms(contract([name], { version: 1 }), contract([], { version: 2 }))).toEqual([]);
});

test('the contract allows no change of a credential, which has no version', () => {
	expect(brokenTerms(contract([name], {}), contract([], {}))).toHaveLength(1);
});
