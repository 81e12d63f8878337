import type { INodeProperties } from 'n8n-workflow';

import { choicesOf, credentialTypes, nodeDescriptions, parametersOf, type Parameter } from './parameters';

/** What n8n's linter asks for, of the panel as it is put together: the linter itself sees single literals only. */

const FEWEST_TO_SORT = 5;
const IN_ORDER_OF_WORK = ['resource', 'operation'];
/** Their label says it all, as everywhere in n8n. */
const SELF_EXPLAINING = ['Filters', 'Operation', 'Options', 'Photo Options', 'Resource', 'Result Options'];
const SMALL_WORDS = [
	'a',
	'an',
	'and',
	'as',
	'at',
	'by',
	'for',
	'from',
	'in',
	'of',
	'on',
	'or',
	'per',
	'the',
	'to',
];

/** A text of the panel, with its place. */
interface Text {
	at: string;
	text: string;
}

let parameters: Parameter[];
let notices: INodeProperties[];

beforeAll(async () => {
	const nodes = await nodeDescriptions();
	const lists = [...nodes, ...(await credentialTypes())].map(({ properties }) => properties);
	parameters = lists.flatMap((properties) => parametersOf(properties));
	notices = lists.flat().filter(({ type }) => type === 'notice');
});

const placesWhere = (isWrong: (property: INodeProperties) => boolean) =>
	parameters.filter(({ property }) => isWrong(property)).map(({ at }) => at);

const choices = () =>
	parameters.flatMap(({ at, property }) => choicesOf(property).map((choice) => ({ at, choice })));

const operations = () =>
	parameters
		.filter(({ property }) => property.name === 'operation')
		.flatMap(({ at, property }) => choicesOf(property).map((choice) => ({ at, choice })));

const labels = (): Text[] => [
	...parameters.map(({ at, property }) => ({ at, text: property.displayName })),
	...choices().map(({ at, choice }) => ({ at, text: choice.name })),
];

const sentences = (): Text[] =>
	[
		...parameters.flatMap(({ at, property }) =>
			[property.description, property.hint, ...(property.modes ?? []).map(({ hint }) => hint)].map(
				(text) => ({
					at,
					text,
				}),
			),
		),
		...choices().map(({ at, choice }) => ({ at: `${at}: ${choice.name}`, text: choice.description })),
		...notices.map(({ name, displayName }) => ({ at: name, text: displayName })),
	].filter((entry): entry is Text => entry.text !== undefined);

const wrong = (texts: Text[], isRight: (text: string) => boolean) =>
	texts.filter(({ text }) => !isRight(text));

test('every parameter has a description, or says it all in its hint or label', () => {
	const undescribed = ({ description, displayName, hint }: INodeProperties) =>
		!description && !hint && !SELF_EXPLAINING.includes(displayName);
	expect(placesWhere(undescribed)).toEqual([]);
});

test('a description says more than the label', () => {
	expect(placesWhere(({ description, displayName }) => description === displayName)).toEqual([]);
	expect(choices().filter(({ choice }) => choice.description === choice.name)).toEqual([]);
});

test('every resource and operation has a description, and every operation can be found as an action', () => {
	const resources = choices().filter(({ at }) => at === 'resource');
	expect([...resources, ...operations()].filter(({ choice }) => !choice.description)).toEqual([]);
	const actions = operations().map(({ choice }) => choice.action);
	expect(actions).not.toContain(undefined);
	expect(new Set(actions).size).toBe(actions.length);
});

test('five choices or more are in alphabetical order, but for resources and operations, which are in the order of work', () => {
	const names = ({ options = [] }: INodeProperties) =>
		options.map((option) => ('displayName' in option ? option.displayName : option.name));
	const unsorted = (property: INodeProperties) =>
		!IN_ORDER_OF_WORK.includes(property.name) &&
		names(property).length >= FEWEST_TO_SORT &&
		!isSorted(names(property));
	expect(placesWhere(unsorted)).toEqual([]);
});

test('an operation asks for four things at most, and has the rest in collections', () => {
	const asked = new Map<string, string[]>();
	for (const { at, property } of parameters) {
		const { resource, operation, ...conditions } = property.displayOptions?.show ?? {};
		const place = [resource, operation].join('.');
		const isAsked = property.type !== 'collection' && Object.keys(conditions).length === 0;
		if (operation && isAsked) asked.set(place, [...(asked.get(place) ?? []), at]);
	}
	expect(asked.size).toBeGreaterThan(20);
	expect([...asked].filter(([, fields]) => fields.length > 4)).toEqual([]);
});

test('the description of a boolean begins with "Whether"', () => {
	const unclear = ({ type, description = '' }: INodeProperties) =>
		type === 'boolean' && !description.startsWith('Whether ');
	expect(placesWhere(unclear)).toEqual([]);
});

test('labels are in Title Case', () => {
	expect(wrong(labels(), isTitleCase)).toEqual([]);
});

test('actions are in Sentence case, and omit articles', () => {
	const actions = operations().map(({ at, choice }) => ({ at, text: choice.action ?? '' }));
	expect(wrong(actions, (text) => isSentenceCase(text) && !/\b(a|an|the)\b/i.test(text))).toEqual([]);
});

test('placeholders give an example, or say what to add', () => {
	const texts = parameters.flatMap(({ at, property: { type, placeholder, modes = [] } }) => [
		...(placeholder === undefined || type === 'collection' ? [] : [{ at, text: placeholder }]),
		...modes.map((mode) => ({ at: `${at}: ${mode.name}`, text: mode.placeholder ?? '' })),
	]);
	expect(wrong(texts, (text) => text.startsWith('e.g. ') || /^Select a .+\.\.\.$/.test(text))).toEqual([]);
	const collections = parameters.filter(({ property: { type } }) => type === 'collection');
	const additions = collections.map(({ at, property }) => ({ at, text: property.placeholder ?? '' }));
	expect(wrong(additions, (text) => /^Add [A-Z]/.test(text) && isTitleCase(text))).toEqual([]);
});

test('one sentence ends without a full stop, several end with one', () => {
	expect(wrong(sentences(), (text) => isSeveral(text) === text.endsWith('.'))).toEqual([]);
});

test('texts begin with a capital, or are an address, and have no loose spaces', () => {
	expect(wrong(sentences(), (text) => /^([A-Z]|https:)/.test(text) && !/\s{2}|^\s|\s$/.test(text))).toEqual(
		[],
	);
});

test('ID, JSON and URL are in capitals', () => {
	const withoutLinks = (text: string) => text.replace(/<[^>]+>|https?:\S+/g, '');
	const withoutRight = (text: string) => withoutLinks(text).replace(/\b(IDs?|JSON|URLs?)\b/g, '');
	const isRight = (text: string) => !/\b(ids?|json|urls?)\b/i.test(withoutRight(text));
	expect(wrong([...labels(), ...sentences()], isRight)).toEqual([]);
});

test('hints are for what is named and not chosen, for where the key comes from, and for what costs money', () => {
	const hinted = parameters.filter(({ property }) => property.hint !== undefined);
	expect(new Set(hinted.map(({ property }) => property.name))).toEqual(
		new Set(['apiKey', 'binaryPropertyName', 'link', 'projectName']),
	);
});

function isSorted(names: string[]): boolean {
	return names.every((name, i) => i === 0 || names[i - 1].localeCompare(name) <= 0);
}

function isTitleCase(text: string): boolean {
	const words = text.split(' ');
	return words.every((word, i) =>
		SMALL_WORDS.includes(word) ? i > 0 && i < words.length - 1 : /^\(?[A-Z0-9]/.test(word),
	);
}

/** Names and abbreviations keep their capitals. */
function isSentenceCase(text: string): boolean {
	const [first, ...others] = text.split(' ');
	return (
		/^[A-Z]/.test(first) && others.every((word) => word === word.toLowerCase() || word === word.toUpperCase())
	);
}

function isSeveral(text: string): boolean {
	return /[.?!] [^ ]/.test(text.replace(/e\.g\. /g, ''));
}
