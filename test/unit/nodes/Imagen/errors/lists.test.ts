import { firstNames, firstOf, quotedName } from '../../../../../nodes/Imagen/errors/lists';

const names = (length: number) => Array.from({ length }, (_, index) => `${index}.NEF`);

test('a list of names has the first ten, and how many more there are', () => {
	expect(firstNames(names(2))).toBe("'0.NEF', '1.NEF'");
	expect(firstNames(names(10))).not.toContain('more');
	expect(firstNames(names(5000))).toMatch(/^'0\.NEF', .*'9\.NEF' and 4,990 more$/);
});

test('photos that are known by their number alone are counted with those that have names', () => {
	expect(firstNames(names(2), 7)).toBe("'0.NEF', '1.NEF' and 5 more");
	expect(firstOf([], { total: 0 })).toBe('');
});

test('a long name keeps its beginning and its extension', () => {
	const long = `IMG_${'x'.repeat(250)}_0001.NEF`;
	expect(quotedName(long)).toMatch(/^'IMG_x+…x+_0001\.NEF'$/);
	expect(quotedName(long).length).toBeLessThan(70);
});
