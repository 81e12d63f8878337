import type { INode } from 'n8n-workflow';

import { ImagenApiError } from '../../../../../nodes/Imagen/errors/imagenErrors';
import type { FileLink } from '../../../../../nodes/Imagen/api/types';
import { presignedLinks } from '../../../../../nodes/Imagen/transfer/presignedLinks';

const refusal = (statusCode: number, message = '') =>
	new ImagenApiError({ getNode: () => ({ name: 'Imagen AI' }) as INode }, 'upload', {
		kind: 'answer',
		statusCode,
		message,
	});

const links = (round: string, ...names: string[]) =>
	names.map((name) => ({ file_name: name, link: `${round} ${name}` }));

/** The links of some files, each to be used by its name. */
function linksTo(files: FileLink[], fetchLinks: (names: string[]) => Promise<FileLink[]>) {
	const presigned = presignedLinks(files, fetchLinks);
	return {
		use: async (name: string, transfer: (link: string) => Promise<string>) =>
			await presigned.use(files.find(({ file_name }) => file_name === name) as FileLink, transfer),
	};
}

/** A storage that takes links of the rounds it knows. */
const storageThatTakes = (...rounds: string[]) => {
	return async (link: string) => {
		if (!rounds.includes(link.split(' ')[0])) throw refusal(403);
		return link;
	};
};

test('a link that works is used as it is', async () => {
	const book = linksTo(links('old', 'a'), async () => await Promise.reject(new Error('not asked for')));
	expect(await book.use('a', storageThatTakes('old'))).toBe('old a');
});

test('links that expired are renewed in one request, for all files that are not done', async () => {
	const asked: string[][] = [];
	const book = linksTo(links('old', 'a', 'b', 'c'), async (names) => {
		asked.push(names);
		return links('new', ...names);
	});
	await book.use('a', storageThatTakes('old'));

	const later = await Promise.all([
		book.use('b', storageThatTakes('new')),
		book.use('c', storageThatTakes('new')),
	]);

	expect(later).toEqual(['new b', 'new c']);
	expect(asked).toEqual([['b', 'c']]);
});

test('a link that was renewed by another transfer is used without asking again', async () => {
	let asked = 0;
	const book = linksTo(links('old', 'a', 'b'), async (names) => {
		asked++;
		return links('new', ...names);
	});
	await book.use('a', storageThatTakes('new'));
	expect(await book.use('b', storageThatTakes('new'))).toBe('new b');
	expect(asked).toBe(1);
});

test('a fresh link that is refused too is an error, not a loop', async () => {
	let asked = 0;
	const book = linksTo(links('old', 'a'), async (names) => links(`new${++asked}`, ...names));
	await expect(book.use('a', storageThatTakes())).rejects.toMatchObject({ failure: { statusCode: 403 } });
	expect(asked).toBe(1);
});

test('fresh links are not asked for again and again when the storage refuses fresh ones', async () => {
	let asked = 0;
	const book = linksTo(links('old', 'a', 'b'), async (names) => links(`new${++asked}`, ...names));
	for (const name of ['a', 'b']) await book.use(name, storageThatTakes()).catch(() => {});
	expect(asked).toBe(1);
});

test('errors other than an expired link do not cost fresh links', async () => {
	const book = linksTo(links('old', 'a'), async () => await Promise.reject(new Error('not asked for')));
	const attempt = book.use('a', async () => await Promise.reject(refusal(500)));
	await expect(attempt).rejects.toMatchObject({ failure: { statusCode: 500 } });
});

test('a renewal of links that failed is tried again by the next transfer', async () => {
	let asked = 0;
	const book = linksTo(links('old', 'a'), async (names) => {
		if (++asked === 1) throw refusal(500);
		return links('new', ...names);
	});
	await expect(book.use('a', storageThatTakes('new'))).rejects.toMatchObject({
		failure: { statusCode: 500 },
	});
	expect(await book.use('a', storageThatTakes('new'))).toBe('new a');
});

test.each([['The provided token has expired. (ExpiredToken)'], ['Request has expired (AccessDenied)']])(
	'a link that expired is renewed also where the storage says so with 400: %s',
	async (message) => {
		const book = linksTo(links('old', 'a'), async (names) => links('new', ...names));
		const transfer = async (link: string) => {
			if (link === 'old a') throw refusal(400, message);
			return link;
		};
		expect(await book.use('a', transfer)).toBe('new a');
	},
);

test('a request that the storage refuses with 400 for another reason costs no fresh links', async () => {
	const book = linksTo(links('old', 'a'), async () => await Promise.reject(new Error('not asked for')));
	const attempt = book.use('a', async () => await Promise.reject(refusal(400, 'Bad digest (BadDigest)')));
	await expect(attempt).rejects.toMatchObject({ failure: { statusCode: 400 } });
});

test('a file that is always refused does not end the renewal of links for the others', async () => {
	let round = 0;
	const book = linksTo(links('r0', 'bad', 'a', 'b'), async (names) => links(`r${++round}`, ...names));
	await expect(book.use('bad', storageThatTakes())).rejects.toMatchObject({ failure: { statusCode: 403 } });
	expect(await book.use('a', storageThatTakes('r1'))).toBe('r1 a');
	// The links of the first renewal have expired meanwhile.
	expect(await book.use('b', storageThatTakes('r2'))).toBe('r2 b');
});

test('two files of one name get each its own link, also after a renewal', async () => {
	const files = [
		{ file_name: 'a.jpg', link: 'old first' },
		{ file_name: 'a.jpg', link: 'old second' },
	];
	const asked: string[][] = [];
	const book = presignedLinks(files, async (names) => {
		asked.push(names);
		return [
			{ file_name: 'a.jpg', link: 'new first' },
			{ file_name: 'a.jpg', link: 'new second' },
		];
	});
	expect(await book.use(files[0], storageThatTakes('old'))).toBe('old first');
	expect(await book.use(files[1], storageThatTakes('new'))).toBe('new second');
	expect(asked).toEqual([['a.jpg']]);
});
