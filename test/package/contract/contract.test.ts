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

describe('the contract is broken by', () => {
	test('a parameter that is gone', () => {
		expect(broken(name)).toEqual([`node: ${JSON.stringify(name)}`]);
	});

	test.each<[string, Partial<Term>]>([
		['another type', { type: 'multiOptions' }],
		['another default', { default: 'b' }],
		['a value that is gone', { values: ['a', 'c'] }],
		['a parameter that is required from now on', { required: true }],
		['a parameter that is no longer there with some value', { shown: { kind: ['x'] } }],
		['a parameter that is there on one more condition', { shown: { ...flow.shown, other: [true] } }],
	])('%s', (_what, change) => {
		expect(broken(flow, { ...flow, ...change })).toHaveLength(1);
	});

	test('another place of a parameter', () => {
		expect(broken(name, { ...name, at: 'project.create.options.name' })).toHaveLength(1);
	});

	test('a node or credential that is gone', () => {
		expect(brokenTerms(contract([]), {})).toEqual(['node']);
	});

	test('a webhook address, credential or connection that is another one', () => {
		const before = contract([], { version: 1, shape: { webhooks: ['POST imagen'] } });
		const now = contract([], { version: 1, shape: { webhooks: ['POST callback'] } });
		expect(brokenTerms(before, now)).toHaveLength(1);
	});
});

describe('the contract allows', () => {
	test.each<[string, Partial<Term>]>([
		['one more value', { values: ['c', 'b', 'a'] }],
		['a parameter that is there more often', { shown: { kind: ['x', 'y', 'z'] } }],
		['a parameter that is always there from now on', { shown: undefined }],
	])('%s', (_what, change) => {
		expect(broken(flow, { ...flow, ...change })).toEqual([]);
	});

	test('one more parameter', () => {
		expect(broken(name, flow, name)).toEqual([]);
	});

	test('a parameter that is no longer required', () => {
		expect(broken({ ...name, required: true }, name)).toEqual([]);
	});

	test('a parameter that is divided in two, for different conditions', () => {
		const always: Term = { ...flow, shown: undefined };
		expect(broken(flow, { ...flow, shown: { kind: ['z'] } }, always)).toEqual([]);
	});

	test('anything in a new version of the node', () => {
		expect(brokenTerms(contract([name], { version: 1 }), contract([], { version: 2 }))).toEqual([]);
	});

	test('nothing of that in a credential, which has no version', () => {
		expect(brokenTerms(contract([name], {}), contract([], {}))).toHaveLength(1);
	});
});
