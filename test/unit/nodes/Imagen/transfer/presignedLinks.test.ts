import type { INode } from 'n8n-workflow';

import { ImagenApiError } from '../../../../../nodes/Imagen/errors/imagenErrors';
import { presignedLinks } from '../../../../../nodes/Imagen/transfer/presignedLinks';

const refusal = (statusCode: number) =>
	new ImagenApiError({ getNode: () => ({ name: 'Imagen AI' }) as INode }, 'upload', {
		kind: 'answer',
		statusCode,
		message: '',
	});

const links = (round: string, ...names: string[]) =>
	names.map((name) => ({ file_name: name, link: `${round} ${name}` }));

/** A storage that takes links of the rounds it knows. */
const storageThatTakes = (...rounds: string[]) => {
	return async (link: string) => {
		if (!rounds.includes(link.split(' ')[0])) throw refusal(403);
		return link;
	};
};

test('a link that works is used as it is', async () => {
	const book = presignedLinks(
		links('old', 'a'),
		async () => await Promise.reject(new Error('not asked for')),
	);
	expect(await book.use('a', storageThatTakes('old'))).toBe('old a');
});

test('links that expired are renewed in one request, for all files that are not done', async () => {
	const asked: string[][] = [];
	const book = presignedLinks(links('old', 'a', 'b', 'c'), async (names) => {
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
	const book = presignedLinks(links('old', 'a', 'b'), async (names) => {
		asked++;
		return links('new', ...names);
	});
	await book.use('a', storageThatTakes('new'));
	expect(await book.use('b', storageThatTakes('new'))).toBe('new b');
	expect(asked).toBe(1);
});

test('a fresh link that is refused too is an error, not a loop', async () => {
	let asked = 0;
	const book = presignedLinks(links('old', 'a'), async (names) => links(`new${++asked}`, ...names));
	await expect(book.use('a', storageThatTakes())).rejects.toMatchObject({ failure: { statusCode: 403 } });
	expect(asked).toBe(1);
});

test('fresh links are not asked for again and again when the storage refuses fresh ones', async () => {
	let asked = 0;
	const book = presignedLinks(links('old', 'a', 'b'), async (names) => links(`new${++asked}`, ...names));
	for (const name of ['a', 'b']) await book.use(name, storageThatTakes()).catch(() => {});
	expect(asked).toBe(1);
});

test('errors other than an expired link do not cost fresh links', async () => {
	const book = presignedLinks(
		links('old', 'a'),
		async () => await Promise.reject(new Error('not asked for')),
	);
	const attempt = book.use('a', async () => await Promise.reject(refusal(500)));
	await expect(attempt).rejects.toMatchObject({ failure: { statusCode: 500 } });
});

test('a renewal of links that failed is tried again by the next transfer', async () => {
	let asked = 0;
	const book = presignedLinks(links('old', 'a'), async (names) => {
		if (++asked === 1) throw refusal(500);
		return links('new', ...names);
	});
	await expect(book.use('a', storageThatTakes('new'))).rejects.toMatchObject({
		failure: { statusCode: 500 },
	});
	expect(await book.use('a', storageThatTakes('new'))).toBe('new a');
});
