import { verifyToken, signCallbackUrl } from '../../../../../nodes/Imagen/callbacks/address';

const scope = {
	apiKey: 'key-that-stays-home',
	project: { uuid: 'p-1', editingFlow: 'REGULAR' as const },
	executionId: '77',
};
const RESUME_URL = 'https://n8n.example.com/webhook-waiting/77?signature=aB%2Bc%2F==&a[]=%20+';

const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

describe('a callback URL with a token', () => {
	test('a callback URL with a token keeps what it has byte for byte, so that a signature of n8n still holds', () => {
		expect(signCallbackUrl(RESUME_URL, scope).startsWith(`${RESUME_URL}&imagen_call=`)).toBe(true);
	});

	test('a callback URL with a token keeps its fragment at the end', () => {
		expect(signCallbackUrl('https://example.com/hook#part?1', scope)).toMatch(
			/^https:\/\/example\.com\/hook\?imagen_call=[\w-]+&imagen_token=[\w-]+#part\?1$/,
		);
	});

	test('a callback URL is genuine for the project and the execution that it was made for', () => {
		const query = queryOf(signCallbackUrl(RESUME_URL, scope));
		expect(verifyToken(query, scope)).toBe(query.imagen_call);
		expect(query.imagen_call).not.toBe('');
	});

	test('a callback URL without an execution is genuine for the project', () => {
		const anyUrl = { apiKey: 'key', project: { uuid: 'p-1', editingFlow: 'REGULAR' as const } };
		expect(verifyToken(queryOf(signCallbackUrl('https://example.com/hook', anyUrl)), anyUrl)).toBeDefined();
	});

	test('a callback URL tells one call from another', () => {
		const numbers = [1, 2, 3].map(() => queryOf(signCallbackUrl(RESUME_URL, scope)).imagen_call);
		expect(new Set(numbers).size).toBe(3);
	});

	test('a callback URL with a token gives nothing away of the API key', () => {
		expect(signCallbackUrl(RESUME_URL, scope)).not.toContain(scope.apiKey);
	});
});

describe('a call is not genuine', () => {
	const query = queryOf(signCallbackUrl(RESUME_URL, scope));

	test.each([
		['for another project', { ...scope, project: { uuid: 'p-2', editingFlow: 'REGULAR' as const } }],
		['for another execution', { ...scope, executionId: '78' }],
		['for a URL that resumes nothing', { ...scope, executionId: undefined }],
		['with the key of another account', { ...scope, apiKey: 'other' }],
		[
			'when its parts are shifted',
			{ ...scope, project: { uuid: 'p-17', editingFlow: 'REGULAR' as const }, executionId: '7' },
		],
	])('a callback is not genuine %s', (_case, other) => {
		expect(verifyToken(query, other)).toBeUndefined();
	});

	const { imagen_call, imagen_token } = query;
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
		expect(verifyToken(forged, scope)).toBeUndefined();
	});
});

function changed(token: string): string {
	return (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
}
