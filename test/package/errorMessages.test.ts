import { credentialTypes, nodeDescriptions, parametersOf } from './parameters';
import { readRuntimeSources, readText } from './project';
import { codeTexts } from './texts';

/** Settings that n8n gives every node, and options of its Edit Fields. */
const OF_N8N = ['On Error', 'Include Binary File', 'Include Other Input Fields', 'Strip Binary Data'];

const texts = codeTexts();
let labels: string[];

beforeAll(async () => {
	const lists = [...(await nodeDescriptions()), ...(await credentialTypes())];
	const parameters = lists.flatMap(({ properties }) => parametersOf(properties));
	labels = [...new Set(parameters.map(({ property }) => property.displayName))];
});

const placesWhere = (isWrong: (text: string) => boolean) => texts.filter(({ text }) => isWrong(text));

test('the texts of the code are found', () => {
	expect(texts).toContainEqual({
		path: 'nodes/Imagen/jobs/start.ts',
		text: 'The … of project … was already started: its status is …',
	});
	expect(texts.length).toBeGreaterThan(200);
});

test('the code that knows the API holds no label of the panel', () => {
	const ofTheApi = texts.filter(({ path }) => path.startsWith('nodes/Imagen/api/'));
	expect(ofTheApi.length).toBeGreaterThan(50);
	expect(ofTheApi.filter(({ text }) => labels.some((label) => text.includes(`'${label}'`)))).toEqual([]);
	expect(
		ofTheApi.filter(({ text }) => /\b(Edit|Export|Retouch|Project|Photo|Shoot): [A-Z]/.test(text)),
	).toEqual([]);
});

test('what an error message has in single quotes is a label of the panel', () => {
	const quoted = (text: string) => [...text.matchAll(/(?<!\w)'([A-Z][\w ()-]*)'/g)].map(([, name]) => name);
	const isLabel = (name: string) => labels.includes(name) || OF_N8N.includes(name);
	expect(placesWhere((text) => !quoted(text).every(isLabel))).toEqual([]);
});

test('an error message has the labels of the panel in single quotes', () => {
	const withoutQuoted = (text: string) =>
		labels.reduce((rest, label) => rest.replaceAll(`'${label}'`, ''), text);
	const ofSeveralWords = labels.filter((label) => label.includes(' '));
	const isBare = (text: string) => ofSeveralWords.some((label) => withoutQuoted(text).includes(label));
	expect(placesWhere((text) => !labels.includes(text) && isBare(text))).toEqual([]);
});

test('a text calls a project by its name, where it is known', () => {
	const byUuid = readRuntimeSources().flatMap(
		({ path }) => readText(path).match(/\bproject '?\$\{(\w+\.)?uuid\b.*/gi) ?? [],
	);
	expect(byUuid).toEqual([]);
});
