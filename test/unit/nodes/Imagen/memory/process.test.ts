import { firstSeen, holdCall } from '../../../../../nodes/Imagen/memory';

test('the same event counts once, and each other event on its own', () => {
	expect(['a', 'b', 'a', 'c', 'b'].map(firstSeen)).toEqual([true, true, false, true, false]);
});

test('remembered events do not grow without end: the oldest is forgotten first', () => {
	const ids = Array.from({ length: 10_001 }, (_, index) => `event ${index}`);
	expect(ids.every(firstSeen)).toBe(true);
	expect(firstSeen(ids[10_000])).toBe(false);
	expect(firstSeen(ids[0])).toBe(true);
});

test('five calls are held at most, and one for the same thing', async () => {
	const release: Array<() => void> = [];
	const hold = async (id: string) =>
		await holdCall(id, async () => await new Promise<string>((resolve) => release.push(() => resolve(id))));
	const held = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map(hold);
	await expect(Promise.all([held[2], held[6]])).resolves.toEqual([undefined, undefined]);
	release.splice(0).forEach((end) => end());
	await expect(Promise.all(held)).resolves.toEqual(['a', 'b', undefined, 'c', 'd', 'e', undefined]);

	const later = hold('a');
	release.splice(0).forEach((end) => end());
	await expect(later).resolves.toBe('a');
});
