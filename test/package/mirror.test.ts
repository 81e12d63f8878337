import { exists, listFiles } from './project';

const tests = ['nodes', 'credentials'].flatMap((folder) => listFiles(`test/unit/${folder}`, '.ts'));

/** `jobs/start.test.ts` tests `jobs/start.ts`, and so does `jobs/start.<aspect>.test.ts`. */
function sourceOf(test: string): string | undefined {
	const name = test.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '');
	const names = [name, name.replace(/\.\w+$/, '')];
	return names.map((one) => `${one}.ts`).find(exists);
}

test('every unit test stands at the path of the source file that it tests', () => {
	expect(tests.length).toBeGreaterThan(40);
	expect(tests.filter((path) => sourceOf(path) === undefined)).toEqual([]);
});

test('unit tests are of nodes and credentials, and of nothing else', () => {
	const elsewhere = listFiles('test/unit', '.ts').filter((path) => !tests.includes(path));
	expect(elsewhere).toEqual([]);
});
