import { verifyToken } from '../../../../../nodes/Imagen/callbacks/address';
import { signedUrl } from '../../../../support/callbacks';

const scope = {
	apiKey: 'key-that-stays-home',
	project: { uuid: 'p-1', editingFlow: 'REGULAR' as const },
	executionId: '77',
};
const RESUME_URL = 'https://n8n.example.com/webhook-waiting/77?signature=aB%2Bc%2F==&a[]=%20+';

const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

describe('a callback URL with a token', () => {
	test('a callback URL with a token keeps what it has byte for byte, so that a signature of n8n still holds', () => {
		expect(signedUrl(RESUME_URL, scope).startsWith(`${RESUME_URL}&imagen_call=`)).toBe(true);
	});

	test('a callback URL with a token keeps its fragment at the end', () => {
		expect(signedUrl('https://example.com/hook#part?1', scope)).toMatch(
			/^https:\/\/example\.com\/hook\?imagen_call=[\w-]+&imagen_project=p-1&imagen_job=edit&imagen_token=[\w-]+#part\?1$/,
		);
	});

	test('a callback URL is genuine for the project and the execution that it was made for', () => {
		const query = queryOf(signedUrl(RESUME_URL, scope));
		expect(verifyToken(query, scope)).toEqual({
			project: { uuid: 'p-1', editingFlow: 'REGULAR' },
			job: 'edit',
			callNumber: query.imagen_call,
		});
		expect(query.imagen_call).not.toBe('');
	});

	test('a callback URL without an execution is genuine for the project', () => {
		const anyUrl = { apiKey: 'key', project: { uuid: 'p-1', editingFlow: 'REGULAR' as const } };
		expect(verifyToken(queryOf(signedUrl('https://example.com/hook', anyUrl)), anyUrl)).toBeDefined();
	});

	test('a callback URL tells one call from another', () => {
		const numbers = [1, 2, 3].map(() => queryOf(signedUrl(RESUME_URL, scope)).imagen_call);
		expect(new Set(numbers).size).toBe(3);
	});

	test('a callback URL with a token gives nothing away of the API key', () => {
		expect(signedUrl(RESUME_URL, scope)).not.toContain(scope.apiKey);
	});
});

describe('a call is not genuine', () => {
	const query = queryOf(signedUrl(RESUME_URL, scope));

	test.each([
		['for another execution', { executionId: '78' }],
		['for a URL that resumes nothing', { executionId: undefined }],
		['with the key of another account', { apiKey: 'other' }],
	])('a callback is not genuine %s', (_case, other) => {
		expect(verifyToken(query, { ...scope, ...other })).toBeUndefined();
	});

	test.each([
		['for another project', { imagen_project: 'p-2' }],
		['for another job', { imagen_job: 'export' }],
		['for a job that there is not', { imagen_job: 'delete' }],
		['for another editing flow', { imagen_source: 'I2I' }],
		['with its project twice', { imagen_project: ['p-1', 'p-1'] }],
	])('a callback is not genuine %s', (_case, other) => {
		expect(verifyToken({ ...query, ...other }, scope)).toBeUndefined();
	});

	test('a callback is not genuine when its parts are shifted', () => {
		const shifted = { ...query, imagen_project: 'p-17' };
		expect(verifyToken(shifted, { ...scope, executionId: '7' })).toBeUndefined();
	});

	const { imagen_call, imagen_token, ...about } = query;
	test.each([
		['without anything', {}],
		['without a token', { imagen_call }],
		['with an empty token', { imagen_call, imagen_token: '' }],
		['without its number', { imagen_token }],
		['with the number of another call', { imagen_call: 'x', imagen_token }],
		['with its token twice', { imagen_call, imagen_token: [imagen_token, imagen_token] }],
		['with its number twice', { imagen_call: [imagen_call], imagen_token }],
		['with a shortened token', { imagen_call, imagen_token: imagen_token.slice(0, -1) }],
		['with one letter changed', { imagen_call, imagen_token: changed(imagen_token) }],
		['with letters that take more bytes', { imagen_call, imagen_token: 'é'.repeat(imagen_token.length) }],
	])('a callback is not genuine %s', (_case, forged) => {
		expect(verifyToken({ ...about, ...forged }, scope)).toBeUndefined();
	});
});

function changed(token: string): string {
	return (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
}
