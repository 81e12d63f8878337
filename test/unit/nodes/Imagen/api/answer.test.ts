import {
	requireList,
	requireText,
	UnexpectedAnswerError,
	unwrap,
	errorMessageFrom,
} from '../../../../../nodes/Imagen/api/answer';

describe('the envelope', () => {
	test('an answer of the API means the same wrapped and bare', () => {
		const profiles = [{ profile_key: 1 }];
		expect(unwrap({ data: { profiles } })).toEqual({ profiles });
		expect(unwrap({ profiles })).toEqual({ profiles });
	});

	test('`data` beside other keys is a field of the answer', () => {
		expect(unwrap({ data: 1, total: 2 })).toEqual({ data: 1, total: 2 });
	});

	test.each([[null], [''], ['text'], [[1]]])('the answer %j is taken as it is', (body) => {
		expect(unwrap(body)).toEqual(body);
	});
});

describe("the API's own words", () => {
	test.each([
		['an error object', { error: { message: 'No such project' } }, 'No such project'],
		['an error text', { error: 'No such project' }, 'No such project'],
		['a detail', { detail: 'No such project' }, 'No such project'],
		['a message', { message: 'No such project' }, 'No such project'],
		['an envelope', { data: { error: { message: 'No such project' } } }, 'No such project'],
		['raw text', 'No such project', 'No such project'],
		['the error object before all others', { error: { message: 'A' }, detail: 'B', message: 'C' }, 'A'],
	])('the words of an API error are found in %s', (_place, body, words) => {
		expect(errorMessageFrom(body, 400)).toBe(words);
	});

	test("the words of an API error name each field of FastAPI's list", () => {
		const detail = [
			{ loc: ['body', 'profile_key'], msg: 'field required', type: 'value_error.missing' },
			{ loc: ['body', 'files_list', 0, 'md5'], msg: 'str type expected' },
			'something else',
		];
		expect(errorMessageFrom({ detail }, 422)).toBe(
			'profile_key: field required; files_list.0.md5: str type expected; something else',
		);
	});

	test("the words of a storage error are code and message of S3's XML, and nothing of the link", () => {
		const xml = `<?xml version="1.0"?>
			<Error><Code>SignatureDoesNotMatch</Code><Message>Not the signature</Message><SignatureProvided>abc</SignatureProvided></Error>`;
		expect(errorMessageFrom(xml, 403)).toBe('Not the signature (SignatureDoesNotMatch)');
		expect(errorMessageFrom('<Error><Code>SlowDown</Code></Error>', 503)).toBe('SlowDown');
	});

	test.each([
		['a web page', '<!DOCTYPE html><html><body>Sign in to the wifi</body></html>'],
		['other XML', '<?xml version="1.0"?><Oops>SignatureProvided</Oops>'],
		['nothing', ''],
		['null', null],
		['an empty object', {}],
	])('the words of an error are its status where %s came', (_what, body) => {
		expect(errorMessageFrom(body, 502)).toBe('the server answered with status 502');
	});

	test('the words of an API error never take more than a line', () => {
		const words = errorMessageFrom(`first\n  second\t${'x'.repeat(2_000)}`, 500);
		expect(words).toMatch(/^first second x+…$/);
		expect(words).toHaveLength(501);
	});
});

describe('what is read from an answer', () => {
	test('a list in an answer is found under its key and bare', () => {
		expect(requireList({ profiles: [{ a: 1 }] }, 'profiles')).toEqual([{ a: 1 }]);
		expect(requireList([{ a: 1 }], 'profiles')).toEqual([{ a: 1 }]);
	});

	test.each([[{}], [null], ['<html>'], [{ profiles: {} }], [['text']]])(
		'the answer %j holds no list, and is reported as unexpected',
		(payload) => {
			expect(() => requireList(payload, 'profiles')).toThrow(
				new UnexpectedAnswerError('the answer has no list "profiles"'),
			);
		},
	);

	test('a text in an answer is found under the first of its keys that is there', () => {
		expect(requireText({ download_link: 'a', upload_link: 'b' }, 'download_link', 'upload_link')).toBe('a');
		expect(requireText({ upload_link: 'b' }, 'download_link', 'upload_link')).toBe('b');
	});

	test.each([[{}], [null], [{ status: 5 }], [{ status: '' }]])(
		'the answer %j holds no status, and is reported as unexpected',
		(payload) => {
			expect(() => requireText(payload, 'status')).toThrow(
				new UnexpectedAnswerError('the answer has no "status"'),
			);
		},
	);
});

test('half a JSON text has no words', () => {
	expect(errorMessageFrom('{"error":{"message":"Proj', 400)).toBe('the server answered with status 400');
});
