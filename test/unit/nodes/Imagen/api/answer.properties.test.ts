import fc from 'fast-check';

import {
	requireList,
	requireText,
	UnexpectedAnswerError,
	unwrap,
	errorMessageFrom,
} from '../../../../../nodes/Imagen/api/answer';
import { baseUrlOf } from '../../../../../nodes/Imagen/api/baseUrl';
import { isKnownStatus, toStatus } from '../../../../../nodes/Imagen/api/status';
import { callbackUrlProblem } from '../../../../../nodes/Imagen/callbacks/address';

/** Any answer: JSON of every shape, with the keys that the nodes look for among others. */
const key = fc.constantFrom(
	'data',
	'error',
	'detail',
	'message',
	'files_list',
	'msg',
	'loc',
	'status',
	'toString',
);
const { body } = fc.letrec<{ body: unknown }>((tie) => ({
	body: fc.oneof(
		{ maxDepth: 4 },
		fc.jsonValue(),
		fc.string(),
		fc.constant(undefined),
		fc.array(tie('body'), { maxLength: 3 }),
		fc.dictionary(key, tie('body'), { maxKeys: 4 }),
	),
}));

test('the envelope of an answer is taken off and nothing else', () => {
	fc.assert(
		fc.property(body, (payload) => {
			expect(unwrap({ data: payload })).toBe(payload);
			const beside = { data: payload, other: 1 };
			expect(unwrap(beside)).toBe(beside);
		}),
	);
});

test('whatever an API error holds, its words are one line, and never none', () => {
	fc.assert(
		fc.property(body, fc.integer({ min: 400, max: 599 }), (payload, statusCode) => {
			const words = errorMessageFrom(payload, statusCode);
			expect(words).toMatch(/^\S.{0,510}$/);
		}),
		{ numRuns: 2000, examples: [[{ detail: [[{ toString: 1 }], { msg: { toString: 1 } }] }, 422]] },
	);
});

test('whatever an answer holds, it is read or reported as unexpected', () => {
	const readers = [
		(payload: unknown) => requireList(payload, 'files_list'),
		(payload: unknown) => requireText(payload, 'status'),
	];
	fc.assert(
		fc.property(body, fc.constantFrom(...readers), (payload, read) => {
			try {
				read(payload);
			} catch (error) {
				expect(error).toBeInstanceOf(UnexpectedAnswerError);
			}
		}),
		{ numRuns: 2000 },
	);
});

test('a status is one of four, whatever comes; case, blanks, underscores and hyphens do not count', () => {
	const known = fc.constantFrom('Pending', 'In Progress', 'Completed', 'Failed');
	fc.assert(
		fc.property(fc.anything({ withNullPrototype: false }), (word) => {
			fc.pre(!(typeof word === 'object' && word !== null));
			expect(['Pending', 'In Progress', 'Completed', 'Failed']).toContain(toStatus(word));
		}),
	);
	fc.assert(
		fc.property(known, fc.constantFrom(' ', '_', '-', ''), fc.boolean(), (status, gap, upper) => {
			const spelled = status.replace(' ', gap);
			expect(toStatus(upper ? spelled.toUpperCase() : spelled.toLowerCase())).toBe(status);
			expect(isKnownStatus(spelled)).toBe(true);
		}),
	);
});

test('a custom URL is https, or on this machine, or refused', () => {
	const url = fc.oneof(
		fc.webUrl({ validSchemes: ['http', 'https', 'ftp'] }),
		fc.constantFrom(
			'http://127.0.0.1:8080/v1/',
			'http://localhost.evil.test',
			'http://127.0.0.1.nip.io',
			'javascript:1',
		),
		fc.string(),
	);
	fc.assert(
		fc.property(url, (customUrl) => {
			let baseUrl: string;
			try {
				baseUrl = baseUrlOf({ environment: 'custom', customUrl });
			} catch {
				return;
			}
			const { protocol, hostname } = new URL(baseUrl);
			expect(protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)).toBe(true);
			expect(baseUrl).not.toMatch(/\/$/);
		}),
		{ numRuns: 2000 },
	);
});

test('a callback URL that Imagen can call is public https', () => {
	const host = fc.oneof(
		fc.ipV4(),
		fc.ipV6().map((ip) => `[${ip}]`),
		fc.domain(),
		fc.constantFrom('localhost', 'nas', 'n8n.local'),
	);
	fc.assert(
		fc.property(fc.constantFrom('http', 'https'), host, (scheme, name) => {
			const problem = callbackUrlProblem(`${scheme}://${name}/webhook`, 'https://api.imagen-ai.com/v1');
			if (scheme === 'http') expect(problem).toBeDefined();
			if (/^(10|127|192\.168|169\.254)(\.\d+)+$|^(localhost|nas|n8n\.local)$/.test(name))
				expect(problem).toBeDefined();
		}),
		{ numRuns: 1000 },
	);
});
