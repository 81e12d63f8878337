import { firstSeen } from '../../../../../nodes/Imagen/memory';

test('the same event counts once, and each other event on its own', () => {
	expect(['a', 'b', 'a', 'c', 'b'].map(firstSeen)).toEqual([true, true, false, true, false]);
});

test('remembered events do not grow without end: the oldest is forgotten first', () => {
	const ids = Array.from({ length: 10_001 }, (_, index) => `event ${index}`);
	expect(ids.every(firstSeen)).toBe(true);
	expect(firstSeen(ids[10_000])).toBe(false);
	expect(firstSeen(ids[0])).toBe(true);
});
